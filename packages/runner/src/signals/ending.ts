import { setTimeout as sleep } from 'node:timers/promises';
import type { SerializedError } from '@chaos/spec';
import type { Terminated } from './termination.js';

/** When each part of a run has to be over, in milliseconds after the signal that ended it: the report is there by 10 s. */
export const END_MS = { tests: 4500, processes: 7000, teardown: 7500, reports: 8000 } as const;
/** What a part has in any case. */
const LEAST_MS = 500;

/** The time that a run has to come to its end, once a signal has told it to: nothing that hangs keeps the report back. */
export class Ending {
  readonly #signal: AbortSignal;
  readonly #tell: (error: SerializedError) => void;
  #sinceMs = 0;

  /** `signal` aborts with a {@link Terminated}; `tell` hears what did not end in time. */
  constructor(signal: AbortSignal, tell: (error: SerializedError) => void) {
    this.#signal = signal;
    this.#tell = tell;
    signal.addEventListener('abort', () => (this.#sinceMs = performance.now()), { once: true });
  }

  /**
   * What `action` comes to. As long as there was no signal it has all the time it takes; then it has to be over `byMs`
   * after it, else `what` is told of, and this resolves to `undefined`. Rejects as `action` does.
   */
  async within<T>(what: string, byMs: number, action: () => T | Promise<T>): Promise<T | undefined> {
    const over = new AbortController();
    const late = this.by(byMs, over.signal).then(
      (): undefined => {
        const { kind } = this.#signal.reason as Terminated;
        const hint = 'It was left where it was. Processes are killed, and what they changed is healed.';
        this.#tell({ message: `${what} did not come to an end within ${byMs} ms after ${kind}`, hint });
      },
      () => undefined,
    );
    try {
      return await Promise.race([(async () => action())(), late]);
    } finally {
      over.abort();
    }
  }

  /** Resolves `byMs` after the signal, but not at once; never without a signal. Rejects when `over` aborts. */
  async by(byMs: number, over?: AbortSignal): Promise<void> {
    const leastMs = this.#signal.aborted ? LEAST_MS : 0;
    if (!this.#signal.aborted)
      await new Promise<void>((resolve, reject) => {
        const stop = (): void => (this.#signal.removeEventListener('abort', go), reject(over?.reason as Error));
        const go = (): void => (over?.removeEventListener('abort', stop), resolve());
        this.#signal.addEventListener('abort', go, { once: true });
        over?.addEventListener('abort', stop, { once: true });
      });
    const leftMs = Math.max(leastMs, this.#sinceMs + byMs - performance.now());
    await sleep(leftMs, undefined, over && { signal: over });
  }
}
