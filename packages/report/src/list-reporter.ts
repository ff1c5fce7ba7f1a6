import type { Attempt, Reporter, RunEvent, TestOutcome } from '@chaos/spec';
import picocolors from 'picocolors';
import { categoryTable } from './category-table.js';
import type { Colors } from './colors.js';
import { closingLines } from './closing-lines.js';
import { failureBlock } from './failure-block.js';
import { formatDuration } from './format-duration.js';
import { formatError } from './format-error.js';
import { LiveRegion, type ReportStream } from './live-region.js';
import { relativePath } from './relative-path.js';
import { RunningTests } from './running-tests.js';
import { RunRecord, verdictOf } from './run-record.js';

/** Options of {@link createListReporter}. */
export interface ListReporterOptions {
  /** Default: standard output. */
  readonly stream?: ReportStream;
  /** Default: `FORCE_COLOR` and `NO_COLOR`, else whether `stream` is a terminal. */
  readonly color?: boolean;
  /** Prints `diagnostic` events. Default false. */
  readonly verbose?: boolean;
}

/** One line per finished test, what runs now where `stream` is a terminal, and a summary with every failure at the end. */
export function createListReporter(options: ListReporterOptions = {}): Reporter {
  const stream = options.stream ?? process.stdout;
  return new ListReporter(stream, options.color ?? wantsColor(stream), options.verbose ?? false);
}

function wantsColor(stream: ReportStream): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no } = process.env;
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  return (no === undefined || no === '') && stream.isTTY === true;
}

class ListReporter implements Reporter {
  readonly printsToStdout: boolean;
  readonly #run = new RunRecord();
  readonly #running = new RunningTests(this.#run);
  readonly #colors: Colors;
  readonly #verbose: boolean;
  readonly #out: LiveRegion;
  readonly #overloads = new Set<string>();

  constructor(stream: ReportStream, color: boolean, verbose: boolean) {
    this.printsToStdout = stream === process.stdout;
    this.#colors = picocolors.createColors(color);
    this.#verbose = verbose;
    this.#out = new LiveRegion(stream, () => this.#running.lines(Date.now()));
  }

  onEvent(event: RunEvent): void {
    this.#run.apply(event);
    this.#running.apply(event);
    if (event.type === 'run-start') this.#begin(event);
    else if (event.type === 'test-end') this.#out.print(this.#testLine(event.attempt, event.outcome));
    else if (event.type === 'test-skip' && !event.didNotRun) this.#out.print(this.#skipLine(event.testId, event.reason));
    else if (event.type === 'test-output') this.#out.print(event.text.replace(/\n$/, ''));
    else if (event.type === 'run-error') this.#out.print('', this.#colors.red(formatError(event.error)), ...(event.error.hint === undefined ? [] : ['', `${this.#colors.cyan('Hint:')} ${event.error.hint}`]), '');
    else if (event.type === 'diagnostic' && this.#verbose) this.#out.print(this.#colors.dim(`  ${event.text}`));
    else if (event.type === 'overload-change' && event.verdict.overloaded) this.#overloads.add(event.verdict.reason);
    else if (event.type === 'run-end') this.#finish(event);
  }

  async end(): Promise<void> {
    this.#out.stop();
  }

  #begin({ tests, config, variant }: Extract<RunEvent, { type: 'run-start' }>): void {
    const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
    const parts = [`seed ${config.runner.seed}`, `environment ${config.environment}`, `profile ${config.profile}`, ...(variant === undefined ? [] : [`variant ${variant}`])];
    this.#out.start();
    this.#out.print('', `Running ${plural(tests.length, 'test')} using ${plural(config.runner.workers, 'worker')}`, this.#colors.dim(`  ${parts.join(', ')}`), '');
  }

  #name(testId: string): string {
    const test = this.#run.tests.get(testId)?.test;
    if (test === undefined) return testId;
    const { file, line, column } = test.location;
    const place = `${relativePath(this.#run.start?.config.rootDir ?? '/', file)}:${line}:${column}`;
    const label = [test.chaosId, test.category === '' ? undefined : `[${test.category}]`].filter(Boolean).join(' ');
    return [...(label === '' ? [] : [label]), this.#colors.dim(place), ...test.titlePath].join(' › ');
  }

  #testLine(attempt: Attempt, outcome: TestOutcome | undefined): string {
    const { green, red, yellow, dim, cyan } = this.#colors;
    const wrong = attempt.status !== (this.#run.tests.get(attempt.testId)?.test.expectedStatus ?? 'passed');
    const mark = attempt.inconclusive !== undefined ? yellow('?') : attempt.status === 'skipped' ? cyan('-') : outcome === 'flaky' ? yellow('±') : wrong ? red('✘') : green('✓');
    const retry = attempt.retry > 0 ? yellow(` (retry #${attempt.retry})`) : '';
    const why = attempt.inconclusive === undefined ? '' : dim(` inconclusive: ${attempt.inconclusive}`);
    return `  ${mark}  ${this.#name(attempt.testId)}${retry}${dim(` (${formatDuration(attempt.durationMs)})`)}${why}`;
  }

  #skipLine(testId: string, reason: string): string {
    return `  ${this.#colors.cyan('-')}  ${this.#name(testId)}${this.#colors.dim(` ${reason}`)}`;
  }

  #finish({ calibration }: Extract<RunEvent, { type: 'run-end' }>): void {
    this.#out.stop();
    const colors = this.#colors;
    const records = [...this.#run.tests.values()];
    const context = { colors, rootDir: this.#run.start?.config.rootDir ?? '/', variant: this.#run.start?.variant };
    const bad = records.filter((record) => ['failed', 'interrupted', 'flaky'].includes(verdictOf(record)));
    this.#out.print('', ...bad.map((record, index) => failureBlock(index + 1, record, context)));
    if (records.length > 0) this.#out.print(...categoryTable(records), '');
    const overloaded = records.filter(({ attempts }) => attempts.some(({ samples }) => samples?.overloaded)).length;
    if (this.#overloads.size > 0 || overloaded > 0) {
      const reason = [...this.#overloads].at(-1) ?? 'see the tests';
      this.#out.print(colors.yellow(`  Warning: others overloaded the machine, during ${overloaded} of ${records.length} tests; timing says little (${reason})`), '');
    }
    if (calibration !== undefined) {
      const { speed, contention, deadlineFactor, duringContention } = calibration;
      const during = duringContention === undefined ? '' : ` (${duringContention.toFixed(2)} during the run)`;
      this.#out.print(colors.dim(`  Machine: speed ${speed.toFixed(2)}, contention ${contention.toFixed(2)}${during}, deadlines × ${deadlineFactor.toFixed(2)}`), '');
    }
    this.#out.print(...closingLines(this.#run, colors), '');
  }
}
