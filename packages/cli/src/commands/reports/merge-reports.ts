import { join, resolve } from 'node:path';
import { mergeReports } from '@chaos/report';
import { ExitCode, isChaosError } from '@chaos/spec';
import type { CliContext } from '../../context.js';
import { createReporters } from '../../reporters/create-reporters.js';
import { reporterNames } from '../../reporters/reporter-names.js';
import { tell } from '../../output/tell.js';

/** The flags of `chaos merge-reports`. */
export interface MergeFlags {
  /** Configuration that provides the reporters and the root folder. */
  readonly config?: string;
  readonly reporter?: readonly string[];
  readonly rootDir?: string;
  readonly verbose?: boolean;
}

/**
 * `chaos merge-reports`. Exit code 1 when a report is missing, cut off or cannot be written; failed tests do not fail a
 * merge.
 */
export async function mergeReportsCommand(
  directory: string,
  { config, reporter, rootDir, verbose = false }: MergeFlags,
  context: CliContext,
): Promise<ExitCode> {
  const { cwd } = context;
  const settings =
    config === undefined
      ? undefined
      : await (await import('../../settings/resolve-settings.js')).resolveSettings({ config }, {}, context);
  const home = settings?.rootDir ?? cwd;
  const choices = reporterNames(
    { asked: reporter, added: undefined, configured: settings?.runner.reporters ?? [['list', {}]], rootDir: home },
    context,
  );
  const reporters = await createReporters(
    choices,
    {
      rootDir: home,
      outputDir: settings?.runner.outputDir ?? join(home, 'chaos-results'),
      configFile: settings?.runner.configModule,
      verbose,
      json: false,
    },
    context,
  );
  const root = rootDir === undefined ? settings?.rootDir : resolve(cwd, rootDir);
  const { problems, errors } = await mergeReports({
    directory: resolve(cwd, directory),
    reporters,
    ...(root !== undefined && { rootDir: root }),
  });
  for (const problem of problems) tell(context, `error: ${problem}`);
  for (const error of errors) {
    tell(context, `error: ${error instanceof Error ? error.message : String(error)}`);
    if (isChaosError(error) && error.hint !== undefined) tell(context, `hint: ${error.hint}`);
  }
  return problems.length + errors.length === 0 ? ExitCode.passed : ExitCode.failed;
}
