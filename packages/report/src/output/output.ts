import type { Writable } from 'node:stream';
import { isReaderGone, reportError } from './report-error.js';

/** Where a reporter writes text. */
export interface ReportStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const HOLD_MS = 10;
const HOLD_BYTES = 64 * 1024;

/** A stream whose reader may leave at any time: what is written then is lost, and nothing else happens. What is written within a moment goes out at once. */
export class Output {
  readonly #stream: ReportStream;
  readonly #name: string;
  #failure: unknown;
  #held: NodeJS.Timeout | undefined;

  constructor(stream: ReportStream, name: string) {
    this.#stream = stream;
    this.#name = name;
    // For good: the error of a pipe may come after the last write.
    if ('on' in stream) (stream as Writable).on('error', (error) => (this.#failure ??= error));
  }

  get isTTY(): boolean {
    return this.#stream.isTTY === true;
  }

  get columns(): number {
    return this.#stream.columns ?? 80;
  }

  write(text: string): void {
    if (this.#failure !== undefined || text === '') return;
    try {
      this.#hold();
      this.#stream.write(text);
      if ((this.#stream as Partial<Writable>).writableLength! > HOLD_BYTES) this.#release();
    } catch (error) {
      this.#failure = error;
    }
  }

  // A line at a time would wake whoever reads it a thousand times for a thousand tests. The stream itself is held, so that all who write to it stay in order.
  #hold(): void {
    if (this.#held !== undefined || !('cork' in this.#stream)) return;
    (this.#stream as Writable).cork();
    this.#held = setTimeout(this.#release, HOLD_MS).unref();
    process.once('exit', this.#release);
  }

  readonly #release = (): void => {
    if (this.#held === undefined) return;
    clearTimeout(this.#held);
    process.off('exit', this.#release);
    this.#held = undefined;
    (this.#stream as Writable).uncork();
  };

  /** Waits until everything is with the system. Throws what went wrong, but for a reader that has left. */
  async flush(): Promise<void> {
    this.#release();
    if (this.#failure === undefined && 'writableLength' in this.#stream) {
      await new Promise<void>((resolve) => (this.#stream as Writable).write('', (error) => resolve(void (this.#failure ??= error ?? undefined))));
    }
    if (this.#failure !== undefined && !isReaderGone(this.#failure)) throw reportError(this.#name, 'its stream', this.#failure);
  }
}
