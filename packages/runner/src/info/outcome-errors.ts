import { isChaosError, type ChaosError } from '@chaos/spec';

/** Ends a test as skipped; thrown by `test.skip()` in a body. */
export class SkipTest extends Error {
  constructor(description: string | undefined) {
    super(`Test is skipped: ${description ?? ''}`);
    this.name = 'SkipTest';
  }
}

/** Ends a test that says nothing, because its phenomenon could not be provoked. */
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

/** True for a fault that was out of force for a while, or that nobody could tell to be in force. */
export function provesNothing(error: unknown): error is ChaosError {
  return isChaosError(error, 'FAULT_LAPSED') || isChaosError(error, 'FAULT_UNVERIFIED');
}
