import { calibrate } from '@chaos/env';
import { healDeadRuns } from '@chaos/runner/heal';
import { run as runTests } from '@chaos/runner/run';
import { isChaosError, type ExitCode, type Reporter, type ResolvedConfig } from '@chaos/spec';
import { chooseReporters } from '../reporters/choose-reporters.js';
import type { CliContext } from '../context.js';
import type { RunFlags } from '../flags.js';
import { createHistoryReporter } from '../history/create-history-reporter.js';
import { runScope } from '../history/run-scope.js';
import { markUnrecorded } from '../history/unrecorded.js';
import { withGitInfo } from '../git/with-git-info.js';
import { ownCapabilities } from '../settings/load-definition.js';
import { overridesOf } from '../settings/overrides-of.js';
import { assertOwnFolder, whyNotWritable } from '../reporters/report-folder.js';
import { reportPlaces, type ReportPlace } from '../reporters/report-places.js';
import { reporterNames } from '../reporters/reporter-names.js';
import { resolveSettings } from '../settings/resolve-settings.js';
import { runOptions } from '../settings/run-options.js';
import { tell } from '../output/tell.js';
import { visibleSecrets } from '../settings/visible-secrets.js';
import { openFleet } from './fleet/open-fleet.js';
import { list } from './list.js';

/** `chaos run`. */
export async function run(filters: readonly string[], flags: RunFlags, context: CliContext): Promise<ExitCode> {
  if (flags.list === true) return list(filters, flags, context);
  markUnrecorded(runScope(flags, context).rootDir);
  const config = await withGitInfo(await resolveSettings(flags, overridesOf(flags), context), context);
  const options = runOptions(filters, flags, config, context);
  const { rootDir, runner } = config;
  const choices = reporterNames(
    { asked: flags.reporter, added: flags.addReporter, configured: runner.reporters, rootDir },
    context,
  );
  const places = reportPlaces(choices, { rootDir, outputDir: runner.outputDir }, context);
  for (const folder of [runner.outputDir, ...places.map((place) => place.folder)]) assertOwnFolder(folder, context.cwd);
  const reporters = await chooseReporters(flags, choices, config, context);
  await healDeadRuns({ log: (line) => tell(context, line) });
  warnOfPlaces(places, runner.outputDir, context);
  for (const word of visibleSecrets(config))
    tell(
      context,
      `warning: target.command shows ${word} to every user of this machine (ps): pass it as a variable in target.env`,
    );
  await using fleet = flags.fleet === undefined ? undefined : await openFleet(flags, config, options, context);
  const { exitCode } = await runTests({
    ...options,
    ...(fleet?.remote && { remote: fleet.remote }),
    reporters: [...reporters, ...historyOf(flags, config, context)],
    calibrate,
    capabilities: await ownCapabilities(config),
    onReporterError: (error) => tell(context, reporterErrorOf(error)),
    ownProcess: { exit: (code) => process.exit(code) },
  });
  return exitCode as ExitCode;
}

function historyOf(flags: RunFlags, config: ResolvedConfig, context: CliContext): readonly Reporter[] {
  if (flags.history === false || config.runner.history.maxRuns === 0) return [];
  return [
    createHistoryReporter(config, (why) =>
      tell(context, `warning: The history gets no record of this run: ${why}; --no-history writes none`),
    ),
  ];
}

// What our reporters say is complete, and where it was thrown helps nobody: a full disk, or a status that a reporter
// set.
function reporterErrorOf(error: unknown): string {
  if (!isChaosError(error, 'REPORT')) return `Cannot report: a reporter failed: ${textOf(error)}`;
  return error.hint === undefined ? error.message : `${error.message}\nhint: ${error.hint}`;
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function warnOfPlaces(places: readonly ReportPlace[], outputDir: string, context: CliContext): void {
  const lost = whyNotWritable(outputDir);
  if (lost !== undefined) tell(context, `warning: Reports will be lost: ${lost}; choose another folder with --output`);
  for (const { reporter, folder } of places) {
    const why = whyNotWritable(folder);
    if (why !== undefined)
      tell(context, `warning: The report of ${reporter} will be lost: ${why}; choose another place for it`);
  }
}
