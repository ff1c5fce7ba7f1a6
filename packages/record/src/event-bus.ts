import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { orIdle, redactDeep, type EventOrigin, type Reporter, type RunEvent } from '@chaos/spec';

/** A reporter whose `end` takes longer keeps running while the next one is ended. */
const PATIENCE_MS = 10_000;

/** Limits for the end of reporters. */
export interface EndOptions {
  /**
   * Resolves when a reporter has used up its time, because the run was told to end. Its signal aborts when nobody waits
   * for it any longer.
   */
  readonly late?: (over: AbortSignal) => Promise<void>;
  /** Time for each reporter, ms; 0 = no limit. */
  readonly limitMs?: number;
}

const LIMIT_MS = 60_000;

/**
 * Passes every event to every reporter, without the secrets known to `@chaos/spec`, and with an origin: this machine,
 * where the event has none. A reporter that throws is dropped; the others continue.
 *
 * @example
 * ```ts
 * const bus = new EventBus([reporter], (error) => console.error(error));
 * bus.emit({ type: 'diagnostic', text: 'hello' });
 * await bus.end();
 * if (bus.failed) process.exitCode = 1;
 * ```
 */
export class EventBus {
  /** Errors thrown by reporters, in order. */
  readonly errors: unknown[] = [];
  readonly #reporters: Set<Reporter>;
  readonly #numbers: ReadonlyMap<Reporter, number>;
  readonly #onReporterError: (error: unknown) => void;
  /** Promises of events that have not settled. */
  readonly #open = new Map<Reporter, Set<Promise<unknown>>>();
  readonly #origin: EventOrigin = { host: hostname() };
  #hasRunError = false;
  /** The one that is being told of an event. */
  #told: Reporter | undefined;

  /** `onReporterError` is called once for each reporter that is dropped. */
  constructor(reporters: readonly Reporter[], onReporterError: (error: unknown) => void = () => {}) {
    this.#reporters = new Set(reporters);
    this.#numbers = new Map(reporters.map((reporter, index) => [reporter, index + 1]));
    this.#onReporterError = onReporterError;
  }

  /** True when a reporter failed, or a `run-error` was emitted. */
  get failed(): boolean {
    return this.#hasRunError || this.errors.length > 0;
  }

  emit = (event: RunEvent): void => {
    if (event.type === 'run-error') this.#hasRunError = true;
    // It was stopped in the middle of an earlier event, and would not return from this one, either.
    if (this.#told) this.#drop(this.#told, new Error(`${this.#nameOf(this.#told)} did not return from an event`));
    const safe = redactDeep(event.origin === undefined ? { ...event, origin: this.#origin } : event);
    for (const reporter of this.#reporters) {
      this.#told = reporter;
      try {
        // A user's reporter may be async; we wait for it at its end only.
        const answer: unknown = reporter.onEvent(safe);
        if (answer instanceof Promise) this.#follow(reporter, answer);
      } catch (error) {
        this.#drop(reporter, error);
      }
      this.#told = undefined;
    }
  };

  #follow(reporter: Reporter, answer: Promise<unknown>): void {
    const open = this.#open.get(reporter) ?? new Set();
    this.#open.set(reporter, open.add(answer));
    answer
      .catch((error: unknown) => this.#drop(reporter, error))
      .finally(() => open.delete(answer))
      .catch(() => {});
  }

  /** Emits on a stack of its own: it resolves though a reporter's code was stopped in the middle. */
  async emitApart(event: RunEvent): Promise<void> {
    setTimeout(() => this.emit(event));
    await new Promise<void>((resolve) => setTimeout(resolve));
  }

  /**
   * Ends the reporters one after the other; a reporter that hangs does not block the next, and is dropped when its time
   * is up, or when nothing is left that could end it. All reports are written when this resolves; it never rejects.
   */
  async end({ late = () => new Promise(() => {}), limitMs = LIMIT_MS }: EndOptions = {}): Promise<void> {
    const open: Promise<void>[] = [];
    for (const reporter of [...this.#reporters]) {
      const ended = this.#end(reporter, late, limitMs);
      open.push(ended);
      const over = new AbortController();
      await Promise.race([ended, elapsed(PATIENCE_MS, over.signal)]);
      over.abort();
    }
    await Promise.all(open);
  }

  async #end(reporter: Reporter, late: (over: AbortSignal) => Promise<void>, limitMs: number): Promise<void> {
    const open = this.#open.get(reporter);
    if (!reporter.end && !open?.size) return;
    const because = (why: string): Error =>
      new Error(
        `${this.#nameOf(reporter)} did not come to its end: what ${reporter.end ? 'its end()' : 'an event'} promised ${why}`,
      );
    const stop = (error: Error): never => {
      throw error;
    };
    // On a stack of its own: where its code is stopped, ours is not.
    const ended = new Promise<void>((resolve) => setTimeout(() => resolve(endOf(reporter, open))));
    const over = new AbortController();
    try {
      await orIdle(
        () => because('can never settle'),
        () =>
          Promise.race([
            ended,
            late(over.signal).then(() => stop(because('never settled'))),
            elapsed(limitMs, over.signal).then(() =>
              stop(because(`did not settle within ${limitMs} ms (runner.reporter_timeout_ms)`)),
            ),
          ]),
      );
    } catch (error) {
      this.#drop(reporter, error);
    } finally {
      over.abort();
    }
  }

  #nameOf(reporter: Reporter): string {
    const { name } = reporter.constructor;
    return `reporter ${this.#numbers.get(reporter)}${name === 'Object' ? '' : ` (${name})`}`;
  }

  #drop(reporter: Reporter, error: unknown): void {
    if (!this.#reporters.delete(reporter)) return;
    this.errors.push(error);
    this.#onReporterError(error);
  }
}

/** Never resolves for 0, or once the signal has aborted; keeps no idle process alive. */
async function elapsed(ms: number, over: AbortSignal): Promise<void> {
  const never = new Promise<void>(() => {});
  if (ms === 0) return never;
  return sleep(Math.min(ms, 2 ** 31 - 1), undefined, { ref: false, signal: over }).catch(() => never);
}

// What an event promised is rejected elsewhere.
async function endOf(reporter: Reporter, open: Iterable<Promise<unknown>> = []): Promise<void> {
  await reporter.end?.();
  await Promise.allSettled(open);
}
