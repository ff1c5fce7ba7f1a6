import type { Attempt, Reporter, RunEvent, TestOutcome } from '@chaos/spec';
import { formatDuration } from '../format-duration.js';
import { RunRecord } from '../record/run-record.js';
import { relativePath } from '../relative-path.js';
import { LiveRegion } from './live-region.js';
import { RunningTests } from './running-tests.js';
import { Summary } from './summary.js';
import { openTerminal, runErrorLines, startingLine, type Terminal, type TerminalReporterOptions } from './terminal.js';

/** One line per finished test, what runs now where `stream` is a terminal, and a summary with every failure at the end. */
export function createListReporter(options: TerminalReporterOptions = {}): Reporter {
  return new ListReporter(openTerminal(options, 'list'));
}

class ListReporter implements Reporter {
  readonly printsToStdout: boolean;
  readonly #run = new RunRecord('wrong');
  readonly #running = new RunningTests(this.#run);
  readonly #terminal: Terminal;
  readonly #summary: Summary;
  readonly #out: LiveRegion;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.printsToStdout = terminal.printsToStdout;
    this.#summary = new Summary(this.#run, terminal.colors);
    this.#out = new LiveRegion(terminal.output, () => this.#running.lines(Date.now()));
  }

  onEvent(event: RunEvent): void {
    const { colors, verbose } = this.#terminal;
    this.#run.apply(event);
    this.#running.apply(event);
    this.#summary.apply(event);
    if (event.type === 'run-start') this.#begin(event);
    else if (event.type === 'test-end') this.#out.print(this.#testLine(event.attempt, event.outcome));
    else if (event.type === 'test-skip' && !event.didNotRun) this.#out.print(this.#skipLine(event.testId, event.reason));
    else if (event.type === 'test-output') this.#out.pass(event.text);
    else if (event.type === 'run-error') this.#out.print(...runErrorLines(event, colors));
    else if (event.type === 'diagnostic' && verbose) this.#out.print(colors.dim(`  ${event.text}`));
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
    const wrong = attempt.status !== (this.#run.tests.get(attempt.testId)?.test.expectedStatus ?? 'passed');
    const mark = attempt.inconclusive !== undefined ? yellow('?') : attempt.status === 'skipped' ? cyan('-') : outcome === 'flaky' ? yellow('±') : wrong ? red('✘') : green('✓');
    const retry = attempt.retry > 0 ? yellow(` (retry #${attempt.retry})`) : '';
    const why = attempt.inconclusive === undefined ? '' : dim(` inconclusive: ${attempt.inconclusive}`);
    return `  ${mark}  ${this.#name(attempt.testId)}${retry}${dim(` (${formatDuration(attempt.durationMs)})`)}${why}`;
  }

  #skipLine(testId: string, reason: string): string {
    const { cyan, dim } = this.#terminal.colors;
    return `  ${cyan('-')}  ${this.#name(testId)}${dim(` ${reason}`)}`;
  }

  #finish(): void {
    this.#out.stop();
    this.#out.print('');
    for (const block of this.#summary.failures()) this.#out.print(block);
    for (const line of this.#summary.closing()) this.#out.print(line);
  }
}
