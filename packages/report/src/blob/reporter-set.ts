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
        reporter.onEvent(event);
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
    this.#reporters.delete(reporter);
    this.errors.push(error);
  }
}
