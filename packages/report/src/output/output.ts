import type { Writable } from 'node:stream';
import { holdStream, releaseStream } from './hold-stream.js';
import { isReaderGone, reportError } from './report-error.js';

/** Destination for a reporter's text. */
export interface ReportStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/**
 * A stream whose reader may close it at any time: later text is lost, without an error. Text written within a moment is
 * sent in one piece.
 */
export class Output {
  readonly #stream: ReportStream;
  readonly #name: string;
  #failure: unknown;

  constructor(stream: ReportStream, name: string) {
    this.#stream = stream;
    this.#name = name;
    // Keep the listener: a pipe may fail after the last write.
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

  /** Waits until the system has everything. Throws write errors, except for a closed pipe. */
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
