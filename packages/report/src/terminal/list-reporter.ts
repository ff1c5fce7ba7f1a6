import type { Attempt, Reporter, RunEvent, TestOutcome } from '@chaos/spec';
import { attemptLabel } from '../label/attempt-label.js';
import { formatDuration } from '../format-duration.js';
import { RunRecord } from '@chaos/record';
import { hearPrintable } from '../output/printable-events.js';
import { relativePath } from '../relative-path.js';
import { LiveRegion } from './live-region.js';
import { PassRates } from './summary/pass-rates.js';
import { RunningTests } from './running-tests.js';
import { StepTitles } from './step-titles.js';
import { Summary } from './summary/summary.js';
import { openTerminal, runErrorLines, startingLine, type Terminal, type TerminalReporterOptions } from './terminal.js';

// Pause between progress messages without a terminal, ms.
const TELL_MS = 5000;
// Longest part of a skip reason in a test's line.
const REASON_CHARACTERS = 60;

/**
 * One line per finished test, the running tests if `stream` is a terminal, and a summary with every failure at the end.
 */
export function createListReporter({ printSteps = false, ...options }: ListReporterOptions = {}): Reporter {
  return hearPrintable(new ListReporter(openTerminal(options, 'list'), printSteps));
}

/** Options of {@link createListReporter}. */
export interface ListReporterOptions extends TerminalReporterOptions {
  /** Prints each step of a test when it has ended. Default false. */
  readonly printSteps?: boolean;
}

class ListReporter implements Reporter {
  readonly printsToStdout: boolean;
  readonly everyStep: boolean;
  readonly #run = new RunRecord('wrong');
  readonly #running = new RunningTests(this.#run);
  readonly #rates = new PassRates(this.#run);
  readonly #terminal: Terminal;
  readonly #steps: StepTitles | undefined;
  #toldMs = Date.now();
  readonly #summary: Summary;
  readonly #out: LiveRegion;

  constructor(terminal: Terminal, printSteps: boolean) {
    this.#terminal = terminal;
    this.#steps = printSteps ? new StepTitles() : undefined;
    this.printsToStdout = terminal.printsToStdout;
    // A step within a hook is printed with the titles of both.
    this.everyStep = printSteps;
    this.#summary = new Summary(this.#run, terminal.colors);
    this.#out = new LiveRegion(terminal.output, () => [
      ...this.#running.lines(Date.now()),
      ...this.#rates.perTest(),
      ...this.#rates.total(Date.now()),
    ]);
  }

  onEvent(event: RunEvent): void {
    const { colors, verbose } = this.#terminal;
    this.#run.apply(event);
    this.#running.apply(event);
    this.#summary.apply(event);
    this.#rates.apply(event);
    if (event.type === 'run-start') this.#begin(event);
    else if (event.type === 'step-start') this.#steps?.begin(event);
    else if (event.type === 'step-end') this.#endStep(event);
    else if (event.type === 'test-end') this.#end(event);
    else if (event.type === 'test-skip' && !event.didNotRun)
      this.#out.print(this.#skipLine(event.testId, event.reason));
    else if (event.type === 'test-output' && this.#run.start?.config.runner.quiet !== true) this.#out.pass(event.text);
    else if (event.type === 'run-error') this.#out.print(...runErrorLines(event, colors));
    else if (event.type === 'diagnostic' && (verbose || event.asked === true))
      this.#out.print(colors.dim(`  ${event.text}`));
    else if (event.type === 'run-end') this.#finish();
  }

  async end(): Promise<void> {
    this.#out.stop();
    this.#run.close();
    await this.#terminal.output.flush();
  }

  #begin(event: Extract<RunEvent, { type: 'run-start' }>): void {
    this.#out.start();
    this.#out.print('', startingLine(event), this.#summary.origin(), '');
  }

  // Of repeated runs only those with a new result are printed, and now and then the progress.
  #end({ attempt, outcome }: Extract<RunEvent, { type: 'test-end' }>): void {
    const isRepeated = this.#run.start?.until !== undefined;
    if (!isRepeated || this.#isWrong(attempt)) this.#out.print(this.#testLine(attempt, outcome));
    if (!isRepeated || this.#terminal.output.isTTY || Date.now() - this.#toldMs < TELL_MS) return;
    this.#toldMs = Date.now();
    this.#out.print(...this.#rates.total(this.#toldMs));
  }

  #endStep(event: Extract<RunEvent, { type: 'step-end' }>): void {
    const titles = this.#steps?.end(event);
    if (titles === undefined) return;
    const { green, red, dim } = this.#terminal.colors;
    const mark = event.error === undefined ? green('✓') : red('✘');
    this.#out.print(
      `  ${mark}  ${[this.#name(event.testId), ...titles].join(' › ')}${dim(` (${formatDuration(event.durationMs)})`)}`,
    );
  }

  #isWrong({ testId, status }: Attempt): boolean {
    return status !== (this.#run.tests.get(testId)?.test.expectedStatus ?? 'passed');
  }

  #name(testId: string): string {
    const test = this.#run.tests.get(testId)?.test;
    if (test === undefined) return testId;
    const { file, line, column } = test.location;
    const place = `${relativePath(this.#run.start?.config.rootDir ?? '/', file)}:${line}:${column}`;
    const label = [test.chaosId, test.category === '' ? undefined : `[${test.category}]`].filter(Boolean).join(' ');
    return [...(label === '' ? [] : [label]), this.#terminal.colors.dim(place), ...test.titlePath].join(' › ');
  }

  #testLine(attempt: Attempt, outcome: TestOutcome | undefined): string {
    const { green, red, yellow, dim, cyan } = this.#terminal.colors;
    const wrong = this.#isWrong(attempt);
    const mark =
      attempt.inconclusive !== undefined
        ? yellow('?')
        : attempt.quarantined !== undefined
          ? yellow('q')
          : attempt.status === 'skipped'
            ? cyan('-')
            : outcome === 'flaky' && !(wrong && this.#run.start?.until !== undefined)
              ? yellow('±')
              : wrong
                ? red('✘')
                : green('✓');
    const retry = yellow(attemptLabel(attempt.retry, this.#run));
    const why =
      attempt.quarantined !== undefined
        ? dim(` quarantined: ${attempt.quarantined.status}`)
        : attempt.inconclusive === undefined
          ? ''
          : dim(` inconclusive: ${attempt.inconclusive}`);
    return `  ${mark}  ${this.#name(attempt.testId)}${retry}${dim(` (${formatDuration(attempt.durationMs)})`)}${why}`;
  }

  #skipLine(testId: string, reason: string): string {
    const { cyan, dim } = this.#terminal.colors;
    // The summary prints it in full, once.
    const short = reason.length > REASON_CHARACTERS ? `${reason.slice(0, REASON_CHARACTERS - 1)}…` : reason;
    return `  ${cyan('-')}  ${this.#name(testId)}${dim(` ${short}`)}`;
  }

  #finish(): void {
    this.#out.stop();
    this.#out.print('');
    for (const block of this.#summary.failures()) this.#out.print(block);
    for (const line of this.#summary.closing()) this.#out.print(line);
  }
}
