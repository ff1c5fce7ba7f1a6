import { checkRange, checkMilliseconds, LONGEST_MS } from '@chaos/spec';
import type { AddOptions } from '../active-toxic.js';

/**
 * Turns a toxic on and off by its schedule, and ends it after its duration. Phases count from the beginning, so that
 * they do not drift.
 */
export class Timeline {
  readonly #durationMs: number;
  readonly #startMs: number;
  readonly #onMs: number;
  readonly #offMs: number;
  readonly #timers: Set<NodeJS.Timeout> = new Set();

  /** Throws `RangeError` for times that make no sense. */
  constructor({
    durationMs = Infinity,
    schedule: { startMs = 0, onMs = Infinity, offMs = 0 } = {},
  }: Pick<AddOptions, 'durationMs' | 'schedule'>) {
    if (durationMs !== Infinity) checkMilliseconds('durationMs', durationMs);
    checkMilliseconds('schedule.startMs', startMs);
    if (onMs !== Infinity) checkRange('schedule.onMs', onMs, { least: 1, most: LONGEST_MS });
    checkMilliseconds('schedule.offMs', offMs);
    this.#durationMs = durationMs;
    this.#startMs = startMs;
    this.#onMs = onMs;
    this.#offMs = offMs;
  }

  /** Starts; the first phase begins before it returns, unless a start delay was set. */
  run(turn: (on: boolean) => void, expire: () => void): void {
    const beginMs = performance.now();
    const after = (dueMs: number, act: () => void): void => {
      if (dueMs === Infinity) return;
      const timer = setTimeout(
        () => {
          this.#timers.delete(timer);
          act();
        },
        Math.max(0, Math.ceil(beginMs + dueMs - performance.now())),
      );
      this.#timers.add(timer);
    };
    const on = (dueMs: number): void => {
      turn(true);
      if (this.#offMs > 0) after(dueMs + this.#onMs, () => off(dueMs + this.#onMs));
    };
    const off = (dueMs: number): void => {
      turn(false);
      after(dueMs + this.#offMs, () => on(dueMs + this.#offMs));
    };
    after(this.#durationMs, expire);
    if (this.#startMs === 0) on(0);
    else after(this.#startMs, () => on(this.#startMs));
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
