import { printableLine } from '@chaos/spec';
import type { FlakeGoal, FlakeRate } from '@chaos/triage';
import { table } from '../../output/table.js';
import { wrap } from '../../output/wrap.js';

/** The flake rate of one test. */
export interface FlakeRow extends FlakeRate {
  readonly testId: string;
  readonly chaosId: string | undefined;
  readonly title: string;
  /** The test after which it fails, though it passes alone. */
  readonly failsAfter?: { readonly testId: string; readonly title: string };
}

/** All that `chaos flake` found out. */
export interface FlakeFindings {
  readonly rows: readonly FlakeRow[];
  readonly goal: FlakeGoal;
  /** Titles of tests of which no run told anything. */
  readonly unmeasured: readonly string[];
  /** Failures outside of tests, a line each. */
  readonly errors: readonly string[];
}

const MOST_ROWS = 15;
const MOST_ERRORS = 5;
const MOST_TITLE = 36;

/** Flake rates on one screen, the worst first, with what to do next. */
export function flakeText({ rows, goal: { below, confidence }, unmeasured, errors }: FlakeFindings): string {
  const cells = rows
    .slice(0, MOST_ROWS)
    .map(({ chaosId, title, failed, runs, interval, verdict }) => [
      short(chaosId === undefined ? title : `${chaosId} ${title}`),
      `${failed}/${runs}`,
      `${percent(interval.lower)}…${percent(interval.upper)} %`,
      verdict,
    ]);
  const order = rows.flatMap(({ title, failsAfter }) =>
    failsAfter === undefined
      ? []
      : [wrap(printableLine(`"${title}" fails after "${failsAfter.title}", and passes alone`), 80, '  ')],
  );
  return [
    table([['test', 'failed', `rate (${percent(confidence)} %)`, `below ${percent(below)} %?`], ...cells]).trimEnd(),
    ...(rows.length > MOST_ROWS ? [`… and ${rows.length - MOST_ROWS} more (--json has all)`] : []),
    ...(unmeasured.length > 0
      ? ['', wrap(printableLine(`undecided, for no run told anything: ${unmeasured.join(', ')}`), 80, '  ')]
      : []),
    ...(order.length > 0 ? ['', ...order] : []),
    ...outside(errors),
    '',
    wrap(`Next: ${nextOf(rows, order.length, unmeasured.length, errors.length)}`, 80, '  '),
    '',
  ].join('\n');
}

// A set-up or a teardown that fails makes every run fail, whatever the rates of the tests are.
function outside(errors: readonly string[]): readonly string[] {
  if (errors.length === 0) return [];
  const shown = errors.slice(0, MOST_ERRORS);
  return [
    '',
    'failed outside of tests, which fails a run:',
    ...shown.map((line) => wrap(printableLine(line), 80, '    ', '  - ')),
    ...(errors.length > shown.length ? [`  and ${errors.length - shown.length} more (--json has all)`] : []),
  ];
}

function nextOf(rows: readonly FlakeRow[], order: number, unmeasured: number, errors: number): string {
  if (order > 0) return 'give the tests above state of their own (reset, a worker fixture, another key).';
  const worst = rows.find(({ verdict }) => verdict === 'failing' || verdict === 'flaky');
  if (worst !== undefined)
    return `find the cause: chaos run, then chaos triage. The worst is "${printableLine(worst.title)}".`;
  if (errors > 0) return 'mend what fails outside of tests; chaos run shows each error in full.';
  if (rows.length === 0) return 'undecided: nothing was measured. chaos run says why.';
  if (unmeasured > 0) return 'see why tests told nothing: chaos run.';
  return rows.every(({ verdict }) => verdict === 'stable')
    ? 'nothing to do: every rate is bounded.'
    : 'allow more runs (--max-runs), or ask for less (--below).';
}

function short(title: string): string {
  return title.length <= MOST_TITLE ? title : `${title.slice(0, MOST_TITLE - 1)}…`;
}

function percent(ratio: number): string {
  return `${Number((100 * ratio).toFixed(1))}`;
}
