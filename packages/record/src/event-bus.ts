import { redactDeep, type Reporter, type RunEvent } from '@chaos/spec';

/**
 * Hands every event to every reporter, without secrets: what `@chaos/spec` knows as one never gets into a report. A reporter that throws is dropped and the others go on.
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
  readonly #onReporterError: (error: unknown) => void;
  #hasRunError = false;

  /** `onReporterError` is called once for each reporter that is dropped. */
  constructor(reporters: readonly Reporter[], onReporterError: (error: unknown) => void = () => {}) {
    this.#reporters = new Set(reporters);
    this.#onReporterError = onReporterError;
  }

  /** True when a reporter failed, or a `run-error` was emitted. */
  get failed(): boolean {
    return this.#hasRunError || this.errors.length > 0;
  }

  emit = (event: RunEvent): void => {
    if (event.type === 'run-error') this.#hasRunError = true;
    const safe = redactDeep(event);
    for (const reporter of this.#reporters) {
      try {
        // A user's reporter may be async; nobody waits for it here.
        const answer: unknown = reporter.onEvent(safe);
        if (answer instanceof Promise) answer.catch((error: unknown) => this.#drop(reporter, error));
      } catch (error) {
        this.#drop(reporter, error);
      }
    }
  };

  /** Ends every reporter, one after the other. Everything is written when it resolves; it never rejects. */
  async end(): Promise<void> {
    for (const reporter of [...this.#reporters]) {
      try {
        await reporter.end?.();
      } catch (error) {
        this.#drop(reporter, error);
      }
    }
  }

  #drop(reporter: Reporter, error: unknown): void {
    if (!this.#reporters.delete(reporter)) return;
    this.errors.push(error);
    this.#onReporterError(error);
  }
}
