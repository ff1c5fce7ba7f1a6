import type { Attempt, TestCase, TestOutcome } from '@chaos/spec';

/** How a test's attempts went, in numbers: what a repeated test comes to must not be counted anew each time. */
export interface Tally {
  ran: number;
  unexpected: number;
  lastSkipped: boolean;
}

/** Adds an attempt. */
export function tell(tally: Tally, attempt: Pick<Attempt, 'status'>, expected: TestCase['expectedStatus']): void {
  tally.lastSkipped = attempt.status === 'skipped';
  if (!saysSomething(attempt)) return;
  tally.ran++;
  if (attempt.status !== expected) tally.unexpected++;
}

/** What a test came to over its attempts; Playwright's rule. */
export function outcomeOf({ ran, unexpected, lastSkipped }: Tally): TestOutcome {
  if (ran === 0) return 'skipped';
  if (unexpected === 0) return 'expected';
  return unexpected < ran || lastSkipped ? 'flaky' : 'unexpected';
}

/** True for an attempt that was not skipped or interrupted. */
export function saysSomething({ status }: Pick<Attempt, 'status'>): boolean {
  return status !== 'skipped' && status !== 'interrupted';
}

/** True when this attempt is not what was expected. */
export function isUnexpected(attempt: Pick<Attempt, 'status'>, expected: TestCase['expectedStatus']): boolean {
  return saysSomething(attempt) && attempt.status !== expected;
}
