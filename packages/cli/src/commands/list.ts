import { list as listTests } from '@chaos/runner/run';
import { ExitCode, printableLine } from '@chaos/spec';
import type { CliContext } from '../context.js';
import type { RunFlags, SelectionFlags } from '../flags.js';
import { ownCapabilities } from '../settings/load-definition.js';
import { overridesOf } from '../settings/overrides-of.js';
import { resolveSettings } from '../settings/resolve-settings.js';
import { print } from '../output/print.js';
import { printJson } from '../output/print-json.js';
import { runOptions } from '../settings/run-options.js';

/** `chaos list` and `chaos run --list`. */
export async function list(
  filters: readonly string[],
  flags: SelectionFlags & Partial<RunFlags>,
  context: CliContext,
): Promise<ExitCode> {
  const config = await resolveSettings(flags, overridesOf(flags), context);
  const options = runOptions(filters, flags, config, context);
  const { tests, errors } = await listTests({ ...options, reporters: [], capabilities: await ownCapabilities(config) });
  if (errors.length > 0)
    throw new AggregateError(
      errors.map(({ message }) => new Error(message)),
      errors
        .map(({ message, location }) => `${location?.file}:${location?.line}:${location?.column}: ${message}`)
        .join('\n'),
    );
  if (flags.json === true) printJson(context, { tests });
  else {
    const lines = tests.map(({ location, titlePath, chaosId, tags }) =>
      [`${location.file}:${location.line}`, chaosId, titlePath.join(' › '), ...tags]
        .filter(Boolean)
        .map((part) => printableLine(part ?? ''))
        .join('  '),
    );
    print(context, [...lines, `${tests.length} ${tests.length === 1 ? 'test' : 'tests'}`, ''].join('\n'));
  }
  return tests.length === 0 && !options.passWithNoTests ? ExitCode.failed : ExitCode.passed;
}
