import type { RunEvent } from '@chaos/spec';
import { formatDuration } from '../../format-duration.js';
import { passRate, type RunRecord } from '@chaos/record';

const SHOWN = 8;

interface Tally {
  runs: number;
  passed: number;
}

/** Pass rates of repeated tests, with the interval of the true rate (Wilson, 95 %). Empty if tests are not repeated. */
export class PassRates {
  readonly #run: RunRecord;
  readonly #tallies = new Map<string, Tally>();
  readonly #all: Tally = { runs: 0, passed: 0 };

  constructor(run: RunRecord) {
    this.#run = run;
  }

  apply(event: RunEvent): void {
    if (event.type !== 'test-end' || this.#run.start?.until === undefined) return;
    const { testId, status } = event.attempt;
    if (status === 'skipped' || status === 'interrupted') return;
    let tally = this.#tallies.get(testId);
    if (tally === undefined) this.#tallies.set(testId, (tally = { runs: 0, passed: 0 }));
    const passed = status === (this.#run.tests.get(testId)?.test.expectedStatus ?? 'passed') ? 1 : 0;
    for (const each of [tally, this.#all]) {
      each.runs += 1;
      each.passed += passed;
    }
  }

  /** All tests together on one line; empty until the first has ended. */
  total(nowMs: number): readonly string[] {
    const { start } = this.#run;
    if (start?.until === undefined || this.#all.runs === 0) return [];
    return [`  ↻ until ${start.until}  ${rateOf(this.#all)}, ${formatDuration(nowMs - start.startMs)}`];
  }

  /** One line per test, worst first; at most `most` lines. */
  perTest(most: number = SHOWN): readonly string[] {
    const sorted = [...this.#tallies].toSorted(
      ([, a], [, b]) => a.passed / a.runs - b.passed / b.runs || b.runs - a.runs,
    );
    const lines = sorted.slice(0, most).map(([testId, tally]) => {
      const test = this.#run.tests.get(testId)?.test;
      return `  ↻ ${[test?.chaosId, test?.titlePath.join(' › ') ?? testId].filter(Boolean).join(' ')}  ${rateOf(tally)}`;
    });
    return sorted.length > most ? [...lines, `  ↻ and ${sorted.length - most} more`] : lines;
  }
}

function rateOf({ runs, passed }: Tally): string {
  const percent = (share: number): string => (100 * share).toFixed(1);
  const { rate, lower, upper } = passRate(passed, runs);
  return `${passed} of ${runs} runs passed, ${percent(rate)} % (95 % CI ${percent(lower)}…${percent(upper)} %)`;
}
