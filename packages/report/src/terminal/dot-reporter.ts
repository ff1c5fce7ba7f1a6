import type { Reporter, RunEvent } from '@chaos/spec';
import { RunRecord } from '@chaos/record';
import { hearPrintable } from '../output/printable-events.js';
import { Summary } from './summary/summary.js';
import { openTerminal, runErrorLines, startingLine, type Terminal, type TerminalReporterOptions } from './terminal.js';

const COLUMNS = 80;

/**
 * A sign for each finished attempt (`·` passed, `F` failed, `T` timed out, `×` will be retried, `±` flaky, `°`
 * skipped), and the summary.
 */
export function createDotReporter(options: TerminalReporterOptions = {}): Reporter {
  return hearPrintable(new DotReporter(openTerminal(options, 'dot')));
}

class DotReporter implements Reporter {
  readonly printsToStdout: boolean;
  readonly #run = new RunRecord('wrong');
  readonly #terminal: Terminal;
  readonly #summary: Summary;
  #column = 0;
  /** A test has written part of a line, so the cursor belongs to it. */
  #passing = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.printsToStdout = terminal.printsToStdout;
    this.#summary = new Summary(this.#run, terminal.colors);
  }

  onEvent(event: RunEvent): void {
    const { colors, verbose } = this.#terminal;
    this.#run.apply(event);
    this.#summary.apply(event);
    if (event.type === 'run-start') this.#print('', startingLine(event));
    else if (event.type === 'test-end') this.#sign(this.#signOf(event));
    else if (event.type === 'test-skip' && !event.didNotRun) this.#sign(colors.yellow('°'));
    else if (event.type === 'test-output' && this.#run.start?.config.runner.quiet !== true) this.#pass(event.text);
    else if (event.type === 'run-error') this.#print(...runErrorLines(event, colors));
    else if (event.type === 'diagnostic' && (verbose || event.asked === true))
      this.#print(colors.dim(`  ${event.text}`));
    else if (event.type === 'run-end') {
      this.#print('', this.#summary.origin(), '');
      for (const block of this.#summary.failures()) this.#print(block);
      for (const line of this.#summary.closing()) this.#print(line);
    }
  }

  async end(): Promise<void> {
    this.#run.close();
    await this.#terminal.output.flush();
  }

  #signOf({ attempt: { status }, outcome }: Extract<RunEvent, { type: 'test-end' }>): string {
    const { green, red, yellow, gray } = this.#terminal.colors;
    if (status === 'interrupted') return red('!');
    if (outcome === undefined) return gray('×');
    if (outcome === 'skipped') return yellow('°');
    if (outcome === 'unexpected') return red(status === 'timedOut' ? 'T' : 'F');
    return outcome === 'flaky' ? yellow('±') : green('·');
  }

  #sign(sign: string): void {
    if (this.#column === COLUMNS || this.#passing) this.#print();
    this.#terminal.output.write(sign);
    this.#column += 1;
  }

  // Passes on a test's output unchanged; its chunks need not be whole lines.
  #pass(text: string): void {
    if (this.#column > 0 && !this.#passing) this.#print();
    this.#terminal.output.write(text);
    this.#passing = !text.endsWith('\n');
    this.#column = this.#passing ? 1 : 0;
  }

  // Prints whole lines, from the first column on.
  #print(...lines: readonly string[]): void {
    if (this.#column > 0) this.#terminal.output.write('\n');
    this.#column = 0;
    this.#passing = false;
    this.#terminal.output.write(lines.map((line) => `${line}\n`).join(''));
  }
}
