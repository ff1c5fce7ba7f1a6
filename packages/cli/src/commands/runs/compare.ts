import { ExitCode, UsageError } from '@chaos/spec';
import { compareRuns, readRun, type Comparison, type RunData } from '@chaos/triage';
import type { CliContext } from '../../context.js';
import { findRuns } from '../../history/find-runs.js';
import { runScope } from '../../history/run-scope.js';
import { print } from '../../output/print.js';
import { printJson } from '../../output/print-json.js';
import { table } from '../../output/table.js';
import { wrap } from '../../output/wrap.js';

/** Flags of `chaos compare`. */
export interface CompareFlags {
  readonly config?: string;
  readonly json?: boolean;
}

const MOST_ROWS = 10;

/** `chaos compare A B`. Exit code 0 whatever the difference; `--json` says `different`. */
export async function compare(
  before: string,
  after: string,
  flags: CompareFlags,
  context: CliContext,
): Promise<ExitCode> {
  const scope = runScope(flags, context);
  const sets: RunData[][] = [];
  const files = [findRuns(before, scope), findRuns(after, scope)] as const;
  const both = files[0].find((file) => files[1].includes(file));
  if (both !== undefined)
    throw new UsageError(`Cannot compare a run with itself: ${both} is in both sets`, {
      hint: 'Give two sets of runs, such as last~9..last~5 last~4..last.',
    });
  for (const set of files) sets.push(await readAll(set));
  const comparison = compareRuns(sets[0]!, sets[1]!);
  if (flags.json === true) printJson(context, comparison);
  else print(context, textOf(comparison));
  return ExitCode.passed;
}

async function readAll(files: readonly string[]): Promise<RunData[]> {
  const runs: RunData[] = [];
  for (const file of files) runs.push(await readRun(file));
  return runs;
}

function textOf(comparison: Comparison): string {
  const { before, after, suite, tests, changed, warnings, onlyBefore, onlyAfter } = comparison;
  const rows = suite.map(({ name, before: from, after: to, change, p, significant }) =>
    name === 'pass rate'
      ? [name, `${from.toFixed(1)} %`, `${to.toFixed(1)} %`, `${signed(change)} points`, pText(p), mark(significant)]
      : [name, `× ${from.toFixed(2)}`, `× ${to.toFixed(2)}`, `${signed(100 * change)} %`, pText(p), mark(significant)],
  );
  const parts = [
    `${named('before', before)}\n${named('after ', after)}\n`,
    table([['measure', 'before', 'after', 'change', 'p', ''], ...rows]),
    ...(tests.length === 0 ? [] : [`tests that changed significantly\n${testRows(comparison)}`]),
    ...(changed.length === 0
      ? []
      : [`tests that passed or failed every time, and now do not\n${changedRows(comparison)}`]),
    ...(onlyBefore + onlyAfter === 0 ? [] : [`${onlyBefore} tests are only before, ${onlyAfter} only after\n`]),
    ...warnings.map((warning) => `${wrap(`Warning: ${warning}`)}\n`),
    `${wrap(verdictOf(comparison))}\n`,
  ];
  return parts.join('\n');
}

function verdictOf({ different, suite, tests, changed, warnings }: Comparison): string {
  if (!different && changed.length === 0)
    return `No difference is significant. Next: ${warnings.length > 0 ? 'compare more runs of one machine (chaos run, several times).' : 'nothing to do.'}`;
  if (!different)
    return 'No difference is significant, but the tests above changed. Next: chaos triage tells why one fails.';
  const what = [
    ...suite.filter(({ significant }) => significant).map(({ name }) => name),
    ...(tests.length > 0 ? ['single tests'] : []),
  ];
  return `The sets differ: ${what.join(', ')}. Next: look at what changed between the two commits; chaos triage tells why a test fails.`;
}

function testRows({ tests }: Comparison): string {
  const rows = tests
    .slice(0, MOST_ROWS)
    .map(({ chaosId, title, what, passed: [from, to], medianMs, p }) => [
      chaosId ?? '',
      short(title),
      what === 'pass rate'
        ? `${from.join('/')} → ${to.join('/')}`
        : medianMs.map((ms) => `${Math.round(ms ?? 0)}`).join(' → ') + ' ms',
      pText(p),
    ]);
  return table(rows.map((row) => ['', ...row])) + more(tests.length);
}

function changedRows({ changed }: Comparison): string {
  const rows = changed
    .slice(0, MOST_ROWS)
    .map(({ chaosId, title, from, to }) => ['', chaosId ?? '', short(title), `${from} → ${to}`]);
  return table(rows) + more(changed.length);
}

function more(count: number): string {
  return count > MOST_ROWS ? `  … and ${count - MOST_ROWS} more (--json has all)\n` : '';
}

function named(side: string, ids: readonly string[]): string {
  const shown = ids.length <= 3 ? ids.join(', ') : `${ids[0]} … ${ids.at(-1)}`;
  return `${side}  ${ids.length} ${ids.length === 1 ? 'run' : 'runs'}: ${shown}`;
}

function short(title: string): string {
  return title.length <= 44 ? title : `${title.slice(0, 43)}…`;
}

function signed(value: number): string {
  return `${value >= 0 ? '+' : ''}${value.toFixed(1)}`;
}

function pText(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

function mark(significant: boolean): string {
  return significant ? 'significant' : '';
}
