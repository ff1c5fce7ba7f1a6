import { setTimeout as sleep } from 'node:timers/promises';
import type { SerializedError } from '@chaos/spec';
import { Blocked } from './blocked.js';
import { Terminated } from './termination.js';

/** Deadline of each part of a run, ms after the signal that ended it: the report is ready by 10 s. */
export const END_MS = { tests: 4500, processes: 7000, teardown: 7500, reports: 8000 } as const;
/** Minimum time for a part, ms. */
const LEAST_MS = 500;
/**
 * After the run's own time limit nobody waits as impatiently as after Ctrl-C, so deadlines are this many times as long.
 */
const PATIENCE = 6;

/** Time for the run to end after a signal or its time limit: nothing that hangs delays the report. */
export class Ending {
  readonly #signal: AbortSignal;
  readonly #tell: (error: SerializedError) => void;
  #sinceMs = 0;

  /**
   * `signal` aborts with a {@link Terminated}, or with another reason if the run's time is up; `tell` gets the parts
   * that did not end in time. `noticedMsAgo` returns how long the news took to get here.
   */
  constructor(signal: AbortSignal, tell: (error: SerializedError) => void, noticedMsAgo: () => number = () => 0) {
    this.#signal = signal;
    this.#tell = tell;
    signal.addEventListener('abort', () => (this.#sinceMs = performance.now() - noticedMsAgo()), { once: true });
  }

  get #isHurried(): boolean {
    return this.#signal.reason instanceof Terminated || this.#signal.reason instanceof Blocked;
  }

  get #cause(): string {
    const reason: unknown = this.#signal.reason;
    if (reason instanceof Blocked) return 'the main process had been blocked';
    return reason instanceof Terminated ? reason.kind : 'the global timeout';
  }

  /**
   * Returns the result of `action`. Without a signal it has unlimited time. After a signal it must end within `byMs`;
   * otherwise `what` is reported, and this resolves to `undefined`. Rejects as `action` does.
   */
  async within<T>(what: string, byMs: number, action: () => T | Promise<T>): Promise<T | undefined> {
    const over = new AbortController();
    const late = this.by(byMs, over.signal).then(
      (): undefined => {
        const hint = 'It was left where it was. Processes are killed, and what they changed is healed.';
        this.#tell({
          message: `${what} did not come to an end within ${this.#scale(byMs)} ms after ${this.#cause}`,
          hint,
        });
      },
      () => undefined,
    );
    try {
      return await Promise.race([(async () => action())(), late]);
    } finally {
      over.abort();
    }
  }

  #scale(ms: number): number {
    return this.#isHurried ? ms : ms * PATIENCE;
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
    const leftMs = Math.max(leastMs, this.#sinceMs + this.#scale(byMs) - performance.now());
    await sleep(leftMs, undefined, over && { signal: over });
  }
}
