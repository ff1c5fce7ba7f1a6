/** What one file may take to be imported, in milliseconds. */
export const LOAD_MS = 30_000;

/**
 * The time that a worker has for an order while no test is under way: no clock of a test's runs then. Each step has a
 * limit of its own; `onLate` is told of the one that did not end in time.
 */
export class OrderClock {
  readonly #budgetMs: number;
  readonly #onLate: (message: string) => void;
  #timer: NodeJS.Timeout | undefined;

  /** `budgetMs` is what hooks and fixtures may take, on top of what everything may; 0 = no limit. */
  constructor(budgetMs: number, onLate: (message: string) => void) {
    this.#budgetMs = budgetMs;
    this.#onLate = onLate;
  }

  /** It comes up, and imports the file of the order. */
  importing(): void {
    this.#start(LOAD_MS, `its file was still being imported after ${LOAD_MS} ms`);
  }

  /** It ends what earlier tests have left, and goes on to the next one. */
  between(): void {
    const ms = LOAD_MS + this.#budgetMs;
    if (this.#budgetMs === 0) this.stop();
    else
      this.#start(ms, `it began no test and did not say that it was done for ${ms} ms: a worker fixture that hangs?`);
  }

  /** A test is under way, or the order has ended. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  #start(ms: number, message: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#onLate(message), Math.min(ms, 2 ** 31 - 1));
  }
}
