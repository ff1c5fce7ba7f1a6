/** Time for importing one file, ms. */
export const LOAD_MS = 30_000;

/**
 * Watches the time of an order while no test runs, because then no test's clock is running. Each step has its own
 * limit; `onLate` gets the step that exceeded it.
 */
export class OrderClock {
  readonly #budgetMs: number;
  readonly #onLate: (message: string) => void;
  #timer: NodeJS.Timeout | undefined;

  /** `budgetMs` is the time for hooks and fixtures, added to the general allowance, ms; 0 = no limit. */
  constructor(budgetMs: number, onLate: (message: string) => void) {
    this.#budgetMs = budgetMs;
    this.#onLate = onLate;
  }

  /** The worker starts and imports the file of the order. */
  importing(): void {
    this.#start(LOAD_MS, `its file was still being imported after ${LOAD_MS} ms`);
  }

  /** The worker cleans up after earlier tests and continues with the next one. */
  between(): void {
    const ms = LOAD_MS + this.#budgetMs;
    if (this.#budgetMs === 0) this.stop();
    else
      this.#start(ms, `it began no test and did not say that it was done for ${ms} ms: a worker fixture that hangs?`);
  }

  /** A test is running, or the order has ended. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  #start(ms: number, message: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#onLate(message), Math.min(ms, 2 ** 31 - 1));
  }
}
