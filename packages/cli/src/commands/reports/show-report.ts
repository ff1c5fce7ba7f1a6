import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { ExitCode, UsageError } from '@chaos/spec';
import type { CliContext } from '../../context.js';
import { print } from '../../output/print.js';
import { htmlFolder } from '../../reporters/report-places.js';
import { reporterNames } from '../../reporters/reporter-names.js';

/** The flags of `chaos show-report`. */
export interface ShowFlags {
  readonly config?: string;
  readonly singleFile?: string;
  /** False with `--no-open`. */
  readonly open?: boolean;
}

/** `chaos show-report`: opens the page in the browser of a person, and says where it is. */
export async function showReport(
  folder: string | undefined,
  { config, singleFile, open = true }: ShowFlags,
  context: CliContext,
): Promise<ExitCode> {
  const { cwd, env } = context;
  const place = folder === undefined ? await configuredFolder(config, context) : resolve(cwd, folder);
  const page = place.endsWith('.html') ? place : join(place, 'index.html');
  if (!existsSync(page))
    throw new UsageError(`Cannot show a report: there is no ${relative(cwd, page) || page}`, {
      hint: 'Write one with: chaos run --add-reporter html (of a run that was killed: chaos merge-reports --reporter html).',
    });
  if (singleFile !== undefined) {
    const { packReport } = await import('@chaos/report-html');
    const file = resolve(cwd, singleFile);
    packReport(place, file);
    print(context, `${file}\n`);
    return ExitCode.passed;
  }
  print(context, `${page}\n`);
  if (open && context.stdout.isTTY === true && !env['CI']) openInBrowser(page);
  return ExitCode.passed;
}

// The folder of the configuration, which an option of the reporter may change.
async function configuredFolder(config: string | undefined, context: CliContext): Promise<string> {
  const { resolveSettings } = await import('../../settings/resolve-settings.js');
  const { rootDir, runner } = await resolveSettings({ ...(config !== undefined && { config }) }, {}, context);
  const choices = reporterNames({ asked: undefined, added: undefined, configured: runner.reporters, rootDir }, context);
  const html = choices.find((choice) => 'name' in choice && choice.name === 'html');
  return htmlFolder({ rootDir, outputDir: runner.outputDir }, html?.options ?? {}, context);
}

// A machine without a browser is no failure: the path has been printed.
function openInBrowser(page: string): void {
  const [command, ...words] =
    process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open'];
  const child = spawn(command!, [...words, page], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
