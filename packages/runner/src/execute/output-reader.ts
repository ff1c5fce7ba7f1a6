import { StringDecoder } from 'node:string_decoder';
import type { Readable } from 'node:stream';
import { OUTPUT_MARK } from '../ipc/output-mark.js';

/** Reads a worker's stdout or stderr and cuts it at the marks that end a test's output. */
export class OutputReader {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onText: (text: string) => void;
  readonly #segments: string[][] = [];
  readonly #waiting: ((segment: string[]) => void)[] = [];
  #current: string[] = [];
  #carry = '';
  #ended = false;

  constructor(stream: Readable, onText: (text: string) => void) {
    this.#onText = onText;
    stream.on('data', (chunk: Buffer) => this.#take(this.#carry + this.#decoder.write(chunk)));
    const end = (): void => {
      if (this.#ended) return;
      this.#ended = true;
      this.#push(this.#carry);
      for (const resolve of this.#waiting.splice(0)) resolve(this.#cut());
    };
    stream.on('end', end);
    stream.on('close', end);
    stream.on('error', end);
  }

  /** What was printed since the last test; waits for the mark when the worker wrote one. */
  async segment(marked: boolean): Promise<readonly string[]> {
    // Without a mark there is only what children of the test wrote; a segment that waits belongs to a later test.
    if (!marked) return this.#segments.length === 0 ? this.#cut() : [];
    if (this.#ended) return this.#segments.shift() ?? this.#cut();
    return this.#segments.shift() ?? new Promise((resolve) => this.#waiting.push(resolve));
  }

  #take(text: string): void {
    const parts = text.split(OUTPUT_MARK);
    const tail = parts.pop() ?? '';
    for (const part of parts) {
      this.#push(part);
      const segment = this.#cut();
      const resolve = this.#waiting.shift();
      if (resolve) resolve(segment);
      else this.#segments.push(segment);
    }
    // A mark may be torn over two chunks.
    const start = tail.lastIndexOf('\u0000');
    const torn = start >= 0 && OUTPUT_MARK.startsWith(tail.slice(start));
    this.#carry = torn ? tail.slice(start) : '';
    this.#push(torn ? tail.slice(0, start) : tail);
  }

  #push(text: string): void {
    if (text === '') return;
    this.#current.push(text);
    this.#onText(text);
  }

  #cut(): string[] {
    const segment = this.#current;
    this.#current = [];
    return segment;
  }
}
