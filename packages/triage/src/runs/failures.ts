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

function violates({ failureClass, quarantined }: Attempt): boolean {
  return failureClass === 'invariant' && quarantined === undefined;
}
