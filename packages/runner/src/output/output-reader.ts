import { StringDecoder } from 'node:string_decoder';
import type { Readable } from 'node:stream';
import { heldBack, redact } from '@chaos/spec';
import { OUTPUT_MARK } from '../ipc/output-mark.js';
import { AttemptOutput } from './attempt-output.js';

const MARK = Buffer.from(OUTPUT_MARK);

/**
 * Reads a worker's stdout or stderr, masks secrets, and splits it at the marks that end a test's output. Text that
 * could be the beginning of a secret waits for more.
 */
export class OutputReader {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onText: (text: string) => void;
  readonly #nameFile: () => string;
  readonly #segments: AttemptOutput[] = [];
  readonly #waiting: ((segment: AttemptOutput) => void)[] = [];
  #current: AttemptOutput;
  #carry: Buffer | undefined;
  /** Bytes that could still become a secret. */
  #held = '';
  #ended = false;
  /** Resolves when no more output can come: every process that had the stream open is gone. */
  readonly ended: Promise<void>;

  /** `nameFile` names a new file for large output. */
  constructor(stream: Readable, onText: (text: string) => void, nameFile: () => string) {
    this.#onText = onText;
    this.#nameFile = nameFile;
    this.#current = new AttemptOutput(nameFile);
    stream.on('data', (chunk: Buffer) => this.#take(this.#carry ? Buffer.concat([this.#carry, chunk]) : chunk));
    let onEnded!: () => void;
    this.ended = new Promise((resolve) => (onEnded = resolve));
    const end = (): void => {
      if (this.#ended) return;
      onEnded();
      this.#ended = true;
      if (this.#carry) this.#push(this.#carry);
      for (const resolve of this.#waiting.splice(0)) resolve(this.#cut());
    };
    stream.on('end', end);
    stream.on('close', end);
    stream.on('error', end);
  }

  /**
   * Returns the output since the last test. If the worker wrote a mark, waits for it, for at most `lateMs`: after that
   * it calls `onLate` and returns the output so far. `undefined` if there is none.
   */
  async segment(marked: boolean, lateMs: number, onLate: () => void): Promise<AttemptOutput | undefined> {
    // Without a mark only children of the test wrote something; a waiting segment belongs to a later test.
    if (!marked) return this.#segments.length > 0 || this.#current.isEmpty ? undefined : this.#cut();
    if (this.#ended) return this.#segments.shift() ?? this.#cut();
    return this.#segments.shift() ?? this.#wait(lateMs, onLate);
  }

  #wait(lateMs: number, onLate: () => void): Promise<AttemptOutput> {
    return new Promise((resolve) => {
      const late = (): void => {
        const index = this.#waiting.indexOf(take);
        if (index < 0) return;
        this.#waiting.splice(index, 1);
        onLate();
        resolve(this.#cut());
      };
      // Run after pending reads, in case this process itself was held up.
      const timer = setTimeout(() => setImmediate(() => setImmediate(late)), lateMs);
      const take = (segment: AttemptOutput): void => {
        clearTimeout(timer);
        resolve(segment);
      };
      this.#waiting.push(take);
    });
  }

  /** Drops output that belongs to no test. */
  discard(): void {
    for (const segment of [...this.#segments, this.#current]) segment.discard();
  }

  #take(bytes: Buffer): void {
    let start = 0;
    for (let mark = bytes.indexOf(MARK); mark >= 0; mark = bytes.indexOf(MARK, start)) {
      this.#push(bytes.subarray(start, mark));
      start = mark + MARK.length;
      const segment = this.#cut();
      const resolve = this.#waiting.shift();
      if (resolve) resolve(segment);
      else this.#segments.push(segment);
    }
    // A mark may be split over two chunks.
    const nul = bytes.lastIndexOf(MARK[0] as number);
    const torn =
      nul >= start &&
      bytes.length - nul < MARK.length &&
      MARK.subarray(0, bytes.length - nul).equals(bytes.subarray(nul));
    this.#carry = torn ? bytes.subarray(nul) : undefined;
    this.#push(bytes.subarray(start, torn ? nul : undefined));
  }

  // Uses latin1, because the bytes need not be text.
  #push(bytes: Buffer): void {
    const all = this.#held + bytes.toString('latin1');
    const held = heldBack(all);
    this.#held = all.slice(all.length - held);
    this.#keep(all.slice(0, all.length - held));
  }

  #keep(latin1: string): void {
    const bytes = Buffer.from(redact(latin1), 'latin1');
    if (bytes.length === 0) return;
    const text = this.#decoder.write(bytes);
    this.#current.add(bytes, text);
    if (text !== '') this.#onText(text);
  }

  #cut(): AttemptOutput {
    const rest = this.#held;
    this.#held = '';
    this.#keep(rest);
    const segment = this.#current;
    this.#current = new AttemptOutput(this.#nameFile);
    return segment;
  }
}
