import type { Reporter, RunEvent } from '@chaos/spec';

/** Hands every event to every reporter. One that throws is dropped and said, and the run fails: the others go on. */
export class EventBus {
  readonly #reporters: Set<Reporter>;
  #failed = false;

  constructor(reporters: readonly Reporter[]) {
    this.#reporters = new Set(reporters);
  }

  /** True when a reporter failed, or an error was told of that belongs to no test. */
  get failed(): boolean {
    return this.#failed;
  }

  emit = (event: RunEvent): void => {
    if (event.type === 'run-error') this.#failed = true;
    for (const reporter of this.#reporters) {
      try {
        // Those of users may be async, though nobody waits for them.
        const answer: unknown = reporter.onEvent(event);
        if (answer instanceof Promise) answer.catch((error: unknown) => this.#drop(reporter, error));
      } catch (error) {
        this.#drop(reporter, error);
      }
    }
  };

  /** Everything is written when it resolves. */
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
    this.#failed = true;
    if (!this.#reporters.delete(reporter)) return;
    process.stderr.write(
      `Cannot report: a reporter failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  }
}
