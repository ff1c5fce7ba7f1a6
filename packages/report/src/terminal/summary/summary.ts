import type { RunEvent } from '@chaos/spec';
import { verdictOf, type RunRecord } from '@chaos/record';
import { categoryTable } from './category-table.js';
import { closingLines } from './closing-lines.js';
import { PassRates } from './pass-rates.js';
import { slowTests } from './slow-tests.js';
import type { Colors } from '../colors.js';
import { failureBlock } from './failure-block.js';

const BAD: ReadonlySet<string> = new Set(['failed', 'interrupted', 'flaky']);

/** Text printed at the end of a run, piece by piece. */
export class Summary {
  readonly #run: RunRecord;
  readonly #colors: Colors;
  readonly #rates: PassRates;
  #overload = '';
  #failures = 0;

  constructor(run: RunRecord, colors: Colors) {
    this.#run = run;
    this.#colors = colors;
    this.#rates = new PassRates(run);
  }

  apply(event: RunEvent): void {
    this.#rates.apply(event);
    if (event.type === 'overload-change' && event.verdict.overloaded) this.#overload = event.verdict.reason;
  }

  /** Settings that are needed to repeat the run. */
  origin(): string {
    const { start } = this.#run;
    if (start === undefined) return '';
    const { config, variant, withoutFaults } = start;
    const settings = [
      `seed ${config.runner.seed}`,
      `environment ${config.environment}`,
      `profile ${config.profile}`,
      ...(variant === undefined ? [] : [`variant ${variant}`]),
      ...(withoutFaults ? ['without faults (--no-faults)'] : []),
    ];
    return this.#colors.dim(`  ${settings.join(', ')}`);
  }

  /** The details of one test, numbered in the order of the calls; `undefined` if the test passed. */
  failure(testId: string): string | undefined {
    const record = this.#run.tests.get(testId);
    if (record === undefined || !BAD.has(verdictOf(record))) return undefined;
    return failureBlock((this.#failures += 1), record, this.#run, this.#colors);
  }

  *failures(): Generator<string> {
    for (const testId of this.#run.tests.keys()) {
      const block = this.failure(testId);
      if (block !== undefined) yield block;
    }
  }

  *closing(): Generator<string> {
    const { tests, end } = this.#run;
    if (tests.size > 0) yield* [...categoryTable(tests.values()), ''];
    const overloaded = [...tests.values()].filter(({ attempts }) =>
      attempts.some((attempt) => attempt.overloaded),
    ).length;
    if (this.#overload !== '' || overloaded > 0) {
      yield* [
        this.#colors.yellow(
          `  Warning: others overloaded the machine, during ${overloaded} of ${tests.size} tests; timing says little (${this.#overload || 'see the tests'})`,
        ),
        '',
      ];
    }
    if (end?.calibration !== undefined) {
      const { speed, contention, deadlineFactor, duringContention } = end.calibration;
      const during = duringContention === undefined ? '' : ` (${duringContention.toFixed(2)} during the run)`;
      yield* [
        this.#colors.dim(
          `  Machine: speed ${speed.toFixed(2)}, contention ${contention.toFixed(2)}${during}, deadlines × ${deadlineFactor.toFixed(2)}`,
        ),
        '',
      ];
    }
    if (this.#run.start?.until !== undefined)
      yield* [...this.#rates.perTest(Infinity), ...this.#rates.total(end?.endMs ?? Date.now()), ''];
    yield* slowTests(this.#run, this.#colors);
    yield* [...closingLines(this.#run, this.#colors), ''];
  }
}
