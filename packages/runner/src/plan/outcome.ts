import type { Attempt, TestCase, TestOutcome } from '@chaos/spec';

/** What a test came to over its attempts; Playwright's rule. */
export function outcomeOfAttempts(attempts: readonly Pick<Attempt, 'status'>[], expected: TestCase['expectedStatus']): TestOutcome {
  const ran = attempts.filter(({ status }) => status !== 'skipped' && status !== 'interrupted');
  if (ran.length === 0) return 'skipped';
  const unexpected = ran.filter(({ status }) => status !== expected);
  if (unexpected.length === 0) return 'expected';
  return unexpected.length < ran.length || attempts.at(-1)?.status === 'skipped' ? 'flaky' : 'unexpected';
}

/** True when this attempt is not what was expected. */
export function isUnexpected(attempt: Pick<Attempt, 'status'>, expected: TestCase['expectedStatus']): boolean {
  return attempt.status !== 'skipped' && attempt.status !== 'interrupted' && attempt.status !== expected;
}
