import { calibrate } from '@chaos/env';
import { healDeadRuns } from '@chaos/runner/heal';
import { run as runTests } from '@chaos/runner/run';
import { printable, type ExitCode } from '@chaos/spec';
import { chooseReporters } from '../choose-reporters.js';
import type { CliContext } from '../context.js';
import type { RunFlags } from '../flags.js';
import { withGitInfo } from '../git/with-git-info.js';
import { ownCapabilities } from '../load-definition.js';
import { overridesOf } from '../overrides-of.js';
import { whyNotWritable } from '../report-folder.js';
import { resolveSettings } from '../resolve-settings.js';
import { runOptions } from '../run-options.js';
import { list } from './list.js';

/** `chaos run`. */
export async function run(filters: readonly string[], flags: RunFlags, context: CliContext): Promise<ExitCode> {
  if (flags.list === true) return list(filters, flags, context);
  const config = await withGitInfo(await resolveSettings(flags, overridesOf(flags), context), context);
  const options = runOptions(filters, flags, config, context);
  const reporters = await chooseReporters(flags, config, context);
  await healDeadRuns({ log: (line) => void context.stderr.write(`${printable(line)}\n`) });
  const unwritable = whyNotWritable(config.runner.outputDir);
  if (unwritable !== undefined)
    context.stderr.write(
      `warning: Reports will be lost: ${printable(unwritable)}; choose another folder with --output\n`,
    );
  const { exitCode } = await runTests({
    ...options,
    reporters,
    calibrate,
    capabilities: await ownCapabilities(config),
  });
  return exitCode as ExitCode;
}
