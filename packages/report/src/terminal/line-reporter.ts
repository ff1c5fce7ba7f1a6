import type { Reporter, RunEvent } from '@chaos/spec';
import { attemptLabel } from '../label/attempt-label.js';
import { RunRecord } from '@chaos/record';
import { hearPrintable } from '../output/printable-events.js';
import { testHeader } from '../label/test-header.js';
import { LiveRegion } from './live-region.js';
import { Summary } from './summary/summary.js';
import { openTerminal, runErrorLines, startingLine, type Terminal, type TerminalReporterOptions } from './terminal.js';

/**
 * Shows the test started last and the progress of the run on one line, failures at once, and the summary at the end.
 */
export function createLineReporter(options: TerminalReporterOptions = {}): Reporter {
  return hearPrintable(new LineReporter(openTerminal(options, 'line')));
}

class LineReporter implements Reporter {
  readonly printsToStdout: boolean;
  readonly #run = new RunRecord('wrong');
  readonly #terminal: Terminal;
  readonly #summary: Summary;
  readonly #out: LiveRegion;
  #started = 0;
  #line = '';

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.printsToStdout = terminal.printsToStdout;
    this.#summary = new Summary(this.#run, terminal.colors);
    this.#out = new LiveRegion(terminal.output, () => (this.#line === '' ? [] : [this.#line]));
  }

  onEvent(event: RunEvent): void {
    this.#run.apply(event);
    this.#summary.apply(event);
    if (event.type === 'run-start') {
      this.#out.start();
      this.#out.print('', startingLine(event));
    } else if (event.type === 'test-start') this.#begin(event.testId, event.retry);
    else if (event.type === 'test-end') this.#end(event);
    else if (event.type === 'test-output' && this.#run.start?.config.runner.quiet !== true) this.#out.pass(event.text);
    else if (event.type === 'run-error') this.#out.print(...runErrorLines(event, this.#terminal.colors));
    else if (event.type === 'diagnostic' && (this.#terminal.verbose || event.asked === true))
      this.#out.print(this.#terminal.colors.dim(`  ${event.text}`));
    else if (event.type === 'run-end') {
      this.#out.stop();
      this.#out.print('', this.#summary.origin(), '');
      for (const line of this.#summary.closing()) this.#out.print(line);
    }
  }

  async end(): Promise<void> {
    this.#out.stop();
    this.#run.close();
    await this.#terminal.output.flush();
  }

  #begin(testId: string, retry: number): void {
    this.#started += 1;
    const { tests, start } = this.#run;
    const test = tests.get(testId)?.test;
    const retries = this.#started > tests.size && start?.until === undefined ? ' (retries)' : '';
    this.#line = `[${this.#started}/${tests.size}]${retries} ${test === undefined ? testId : testHeader(test, start?.config)}${attemptLabel(retry, this.#run)}`;
    if (this.#terminal.output.isTTY) this.#out.print();
    else this.#out.print(this.#line);
  }

  #end({ attempt, outcome }: Extract<RunEvent, { type: 'test-end' }>): void {
    if (outcome === undefined && attempt.status !== 'interrupted') return;
    // Shows the first failure of a repeated test at once, and only counts the others.
    if (
      this.#run.start?.until !== undefined &&
      (this.#run.tests.get(attempt.testId)?.attempts.filter(({ wrong }) => wrong).length !== 1 ||
        attempt.status === 'passed')
    )
      return;
    const block = this.#summary.failure(attempt.testId);
    if (block !== undefined) this.#out.print('', block);
  }
}
