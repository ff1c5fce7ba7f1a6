import type { ReportStream } from '../output/output.js';

const REDRAW_MS = 200;
const ESCAPE = String.fromCharCode(27);

/** Lines at the bottom of a terminal that are drawn again and again below what is printed for good. Elsewhere it only prints. */
export class LiveRegion {
  readonly #stream: ReportStream;
  readonly #render: () => readonly string[];
  #timer: NodeJS.Timeout | undefined;
  #drawn = 0;

  constructor(stream: ReportStream, render: () => readonly string[]) {
    this.#stream = stream;
    this.#render = render;
  }

  start(): void {
    if (!this.#stream.isTTY) return;
    this.#timer = setInterval(() => this.print(), REDRAW_MS);
    this.#timer.unref();
  }

  /** Prints lines for good, above the live ones. */
  print(...lines: readonly string[]): void {
    const text = lines.map((line) => `${line}\n`).join('');
    if (this.#timer === undefined) {
      if (text !== '') this.#stream.write(text);
      return;
    }
    const columns = this.#stream.columns ?? 80;
    const live = this.#render().map((line) => (line.length < columns ? line : `${line.slice(0, columns - 2)}…`));
    this.#stream.write(`${this.#erase()}${text}${live.map((line) => `${line}\n`).join('')}`);
    this.#drawn = live.length;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#drawn > 0) this.#stream.write(this.#erase());
    this.#drawn = 0;
  }

  #erase(): string {
    return this.#drawn === 0 ? '' : `${ESCAPE}[${this.#drawn}A${ESCAPE}[0J`;
  }
}
