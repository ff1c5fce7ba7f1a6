import type { Attempt, TestCase } from '@chaos/spec';

/** True for an attempt that was not skipped or interrupted. */
export function saysSomething({ status }: Pick<Attempt, 'status'>): boolean {
  return status !== 'skipped' && status !== 'interrupted';
}

/** True if this attempt did not end as expected. */
export function isUnexpected(attempt: Pick<Attempt, 'status'>, expected: TestCase['expectedStatus']): boolean {
  return saysSomething(attempt) && attempt.status !== expected;
}
