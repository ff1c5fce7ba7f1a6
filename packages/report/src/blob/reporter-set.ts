import type { Reporter, RunEvent } from '@chaos/spec';

/** Reporters that hear the same; one that throws is dropped, the others go on. */
export class ReporterSet {
  readonly errors: unknown[] = [];
  readonly #reporters: Set<Reporter>;

  constructor(reporters: readonly Reporter[]) {
    this.#reporters = new Set(reporters);
  }

  emit(event: RunEvent): void {
    for (const reporter of this.#reporters) {
      try {
        // Those of users may be async, though nobody waits for them.
        const answer: unknown = reporter.onEvent(event);
        if (answer instanceof Promise) answer.catch((error: unknown) => this.#drop(reporter, error));
      } catch (error) {
        this.#drop(reporter, error);
      }
    }
  }

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
    if (this.#reporters.delete(reporter)) this.errors.push(error);
  }
}
