import type { ReportStream } from '../output/output.js';

const REDRAW_MS = 200;
const ESCAPE = String.fromCharCode(27);

/** Lines at the bottom of a terminal that are redrawn below permanent output. Without a terminal it only prints. */
export class LiveRegion {
  readonly #stream: ReportStream;
  readonly #render: () => readonly string[];
  #timer: NodeJS.Timeout | undefined;
  #drawn = 0;
  /** A line that a test has started; on a terminal it stays live until it ends. */
  #begun: string | undefined;

  constructor(stream: ReportStream, render: () => readonly string[]) {
    this.#stream = stream;
    this.#render = render;
  }

  start(): void {
    if (!this.#stream.isTTY) return;
    this.#timer = setInterval(() => this.print(), REDRAW_MS);
    this.#timer.unref();
  }

  /** Prints permanent lines above the live ones. */
  print(...lines: readonly string[]): void {
    this.#write(lines.length === 0 ? '' : `${this.#endLine()}${lines.join('\n')}\n`);
  }

  /** Passes on a test's output unchanged; its chunks need not be whole lines. */
  pass(text: string): void {
    if (this.#timer === undefined) {
      this.#begun = text.endsWith('\n') ? undefined : '';
      this.#stream.write(text);
      return;
    }
    const end = text.lastIndexOf('\n') + 1;
    const whole = end > 0 ? `${this.#begun ?? ''}${text.slice(0, end)}` : '';
    const rest = `${end > 0 ? '' : (this.#begun ?? '')}${text.slice(end)}`;
    this.#begun = rest === '' ? undefined : rest;
    this.#write(whole);
  }

  #endLine(): string {
    const begun = this.#begun;
    this.#begun = undefined;
    return begun === undefined ? '' : `${begun}\n`;
  }

  #write(text: string): void {
    if (this.#timer === undefined) {
      if (text !== '') this.#stream.write(text);
      return;
    }
    // A terminal that does not know its width reports 0.
    const columns = this.#stream.columns || 80;
    const live = [...(this.#begun === undefined ? [] : [this.#begun]), ...this.#render()].map((line) =>
      line.length < columns ? line : `${line.slice(0, columns - 2)}…`,
    );
    this.#stream.write(`${this.#erase()}${text}${live.map((line) => `${line}\n`).join('')}`);
    this.#drawn = live.length;
  }

  stop(): void {
    const rest = this.#timer === undefined ? '' : this.#endLine();
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#drawn > 0 || rest !== '') this.#stream.write(`${this.#erase()}${rest}`);
    this.#drawn = 0;
  }

  #erase(): string {
    return this.#drawn === 0 ? '' : `${ESCAPE}[${this.#drawn}A${ESCAPE}[0J`;
  }
}
