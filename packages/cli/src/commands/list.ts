import { relative } from 'node:path';
import { list as listTests, type TestList } from '@chaos/runner/run';
import { ExitCode, printableLine } from '@chaos/spec';
import type { CliContext } from '../context.js';
import type { RunFlags, SelectionFlags } from '../flags.js';
import { ownCapabilities } from '../settings/load-definition.js';
import { overridesOf } from '../settings/overrides-of.js';
import { resolveSettings } from '../settings/resolve-settings.js';
import { print } from '../output/print.js';
import { printJson } from '../output/print-json.js';
import { runOptions } from '../settings/run-options.js';

/**
 * `chaos list` and `chaos run --list`: a line for each test that would run. `run --list` prints Playwright's lines, and
 * lists what `only` would leave out, too.
 */
export async function list(
  filters: readonly string[],
  flags: SelectionFlags & Partial<RunFlags>,
  context: CliContext,
): Promise<ExitCode> {
  const config = await resolveSettings(flags, overridesOf(flags), context);
  const options = runOptions(filters, flags, config, context);
  const asPlaywright = flags.list === true;
  const { tests, errors } = await listTests({
    ...options,
    focus: !asPlaywright,
    reporters: [],
    capabilities: await ownCapabilities(config),
  });
  if (errors.length > 0)
    throw new AggregateError(
      errors.map(({ message }) => new Error(message)),
      errors
        .map(({ message, location }) => `${location?.file}:${location?.line}:${location?.column}: ${message}`)
        .join('\n'),
    );
  if (flags.json === true) printJson(context, { tests });
  else print(context, [...(asPlaywright ? playwrightLines(tests, config.rootDir) : ownLines(tests)), ''].join('\n'));
  return tests.length === 0 && !options.passWithNoTests ? ExitCode.failed : ExitCode.passed;
}

function ownLines(tests: TestList['tests']): readonly string[] {
  const lines = tests.map(({ location, titlePath, chaosId, tags, unmet }) =>
    lineOf([`${location.file}:${location.line}`, chaosId, titlePath.join(' › '), ...tags, whyUnmet(unmet)], '  '),
  );
  return [...lines, counted(tests.length, 'test')];
}

function playwrightLines(tests: TestList['tests'], rootDir: string): readonly string[] {
  const lines = tests.map(({ project, location: { file, line, column }, titlePath, unmet }) => {
    const place = `${relative(rootDir, file)}:${line}:${column}`;
    return `  ${lineOf([project === '' ? undefined : `[${project}]`, place, ...titlePath, whyUnmet(unmet)], ' › ')}`;
  });
  const files = new Set(tests.map(({ location }) => location.file)).size;
  return ['Listing tests:', ...lines, `Total: ${counted(tests.length, 'test')} in ${counted(files, 'file')}`];
}

function lineOf(parts: readonly (string | undefined)[], separator: string): string {
  return parts
    .filter((part) => part !== undefined && part !== '')
    .map((part) => printableLine(part ?? ''))
    .join(separator);
}

function whyUnmet(unmet: string | undefined): string | undefined {
  return unmet && `skipped: ${unmet}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
