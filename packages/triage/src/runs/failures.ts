import type { Attempt } from '@chaos/spec';
import type { TestData } from './run-data.js';

/** True if the test failed in the end; a test in quarantine does not count. */
export function isFailure({ verdict }: Pick<TestData, 'verdict'>): boolean {
  return verdict === 'failed';
}

/** True if any attempt gave a wrong result. No later attempt clears that. */
export function isWrongData({ attempts, test }: TestData): boolean {
  return test.expectedStatus === 'passed' && attempts.some(violates);
}

/** The last attempt that failed; `undefined` if none did. */
export function lastFailure({ attempts }: Pick<TestData, 'attempts'>): Attempt | undefined {
  return attempts.findLast(({ status }) => status === 'failed' || status === 'timedOut');
}

/** The last attempt that did not end as its test expects: it failed, or should have; `undefined` without one. */
export function lastUnexpected({ attempts, test }: TestData): Attempt | undefined {
  if (test.expectedStatus === 'skipped') return undefined;
  // A test that says only while it runs that it will fail has an error where it passes.
  const passedWrongly = ({ status, errors }: Attempt): boolean => status === 'passed' && errors.length > 0;
  if (test.expectedStatus === 'passed') return lastFailure({ attempts }) ?? attempts.findLast(passedWrongly);
  return attempts.findLast(({ status }) => status === 'passed' || status === 'timedOut');
}

function violates({ failureClass, quarantined }: Attempt): boolean {
  return failureClass === 'invariant' && quarantined === undefined;
}
