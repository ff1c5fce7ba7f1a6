import type { Writable } from 'node:stream';
import { holdStream, releaseStream } from './hold-stream.js';
import { isReaderGone, reportError } from './report-error.js';

/** Where a reporter writes text. */
export interface ReportStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/**
 * A stream whose reader may leave at any time: what is written then is lost, and nothing else happens. What is written
 * within a moment goes out at once.
 */
export class Output {
  readonly #stream: ReportStream;
  readonly #name: string;
  #failure: unknown;

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
      holdStream(this.#stream);
      this.#stream.write(text);
    } catch (error) {
      this.#failure = error;
    }
  }

  /** Waits until everything is with the system. Throws what went wrong, but for a reader that has left. */
  async flush(): Promise<void> {
    releaseStream(this.#stream);
    if (this.#failure === undefined && 'writableLength' in this.#stream) {
      await new Promise<void>((resolve) =>
        (this.#stream as Writable).write('', (error) => resolve(void (this.#failure ??= error ?? undefined))),
      );
    }
    if (this.#failure !== undefined && !isReaderGone(this.#failure))
      throw reportError(this.#name, 'its stream', this.#failure);
  }
}
