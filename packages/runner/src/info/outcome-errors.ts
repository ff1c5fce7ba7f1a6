/** Ends a test as skipped; thrown by `test.skip()` in a body. */
export class SkipTest extends Error {
  constructor(description: string | undefined) {
    super(`Test is skipped: ${description ?? ''}`);
    this.name = 'SkipTest';
  }
}

/** Ends a test as inconclusive, because its phenomenon could not be provoked. */
export class Inconclusive extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(`Test is inconclusive: ${reason}`);
    this.name = 'Inconclusive';
    this.reason = reason;
  }
}

/** Ends a test as failed without a retry. */
export class AbortTest extends Error {
  constructor(message: string) {
    super(`Test aborted: ${message}`);
    this.name = 'AbortTest';
  }
}
