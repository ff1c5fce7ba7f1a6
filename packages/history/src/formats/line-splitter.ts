/** Cuts a text that comes in pieces into lines. */
export class LineSplitter {
  readonly #onLine: (line: string, number: number, whole: boolean) => void;
  #rest = '';
  #line = 0;

  /** `whole`: false for a last line without its line feed. */
  constructor(onLine: (line: string, number: number, whole: boolean) => void) {
    this.#onLine = onLine;
  }

  push(text: string): void {
    const all = this.#rest === '' ? text : this.#rest + text;
    let start = 0;
    for (let end = all.indexOf('\n'); end >= 0; end = all.indexOf('\n', start)) {
      this.#onLine(all.slice(start, end), ++this.#line, true);
      start = end + 1;
    }
    this.#rest = all.slice(start);
  }

  end(): void {
    if (this.#rest !== '') this.#onLine(this.#rest, ++this.#line, false);
    this.#rest = '';
  }
}
