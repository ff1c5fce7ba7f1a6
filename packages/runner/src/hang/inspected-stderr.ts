import { Transform, type TransformCallback } from 'node:stream';

// As Node prints them.
const ADDRESS = /Debugger listening on (ws:\S+)\n/;
const MESSAGES = /Debugger (?:listening|ending) on ws:\S+\n|For help, see: https:\S+\n|Debugger attached\.\n/g;

/**
 * Standard error of a process, in which it says where its inspector listens. Whoever knows that address can run code in
 * the process, so once it was asked for, Node's messages are not passed on.
 */
export class InspectedStderr extends Transform {
  #onAddress: ((url: string) => void) | undefined;
  /** The end of the last line, which may become a message. */
  #line = '';

  /** Resolves to the `ws:` address that the process prints from now on. Rejects when `signal` aborts. */
  address(signal: AbortSignal): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#onAddress = resolve;
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.#onAddress === undefined) return done(null, chunk);
    // Uses latin1, because the bytes need not be text.
    const text = this.#line + chunk.toString('latin1');
    const url = ADDRESS.exec(text)?.[1];
    if (url !== undefined) this.#onAddress(url);
    const end = text.lastIndexOf('\n') + 1;
    this.#line = text.slice(end);
    done(null, Buffer.from(text.slice(0, end).replace(MESSAGES, ''), 'latin1'));
  }

  override _flush(done: TransformCallback): void {
    done(null, Buffer.from(this.#line, 'latin1'));
  }
}
