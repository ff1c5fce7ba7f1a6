import type { Attempt, TestCase, TestOutcome } from '@chaos/spec';
import { isUnexpected, saysSomething } from './outcome.js';

/** The final verdict of a test over all its attempts. */
export type TestVerdict =
  'expected' | 'flaky' | 'failed' | 'skipped' | 'inconclusive' | 'quarantined' | 'interrupted' | 'did not run';

/**
 * The attempts of a test, reduced to what its verdict needs: a test repeated a million times must not keep a million
 * attempts.
 */
export interface TestStory {
  readonly inQuarantine: boolean;
  /** Its attempts are independent repetitions (`--until`), not retries. */
  readonly repeated: boolean;
  /** Repeated, it failed more often than the run allows. */
  tooOften: boolean;
  /** Attempts that passed or failed. */
  ran: number;
  failures: number;
  /** True if it failed and has not passed since. */
  failing: boolean;
  /** True after wrong data: no later pass clears that. */
  invariant: boolean;
  last: 'none' | 'told' | 'skipped' | 'inconclusive' | 'interrupted';
  /** Set if the runner gave it no (further) attempt. */
  skip: 'skipped' | 'did not run' | undefined;
}

/** Fields of an attempt that a verdict needs. */
export type ToldAttempt = Pick<Attempt, 'status' | 'inconclusive'> & {
  readonly errors: readonly { readonly invariant?: boolean }[];
};

/** The story of a test without attempts. */
export function createStory(inQuarantine: boolean, repeated: boolean): TestStory {
  return {
    inQuarantine,
    repeated,
    tooOften: false,
    ran: 0,
    failures: 0,
    failing: false,
    invariant: false,
    last: 'none',
    skip: undefined,
  };
}

/** Adds the next attempt to a story. `expected`: the intended result of this attempt. */
export function addAttempt(story: TestStory, attempt: ToldAttempt, expected: TestCase['expectedStatus']): void {
  const { status, inconclusive, errors } = attempt;
  if (!saysSomething(attempt)) {
    story.last = status === 'interrupted' ? 'interrupted' : inconclusive === undefined ? 'skipped' : 'inconclusive';
    return;
  }
  story.last = 'told';
  story.ran++;
  story.failing = isUnexpected(attempt, expected);
  if (!story.failing) return;
  story.failures++;
  story.invariant ||= errors.some(({ invariant }) => invariant === true);
}

/** Only a later attempt that ends as expected clears a failure; a skipped or missing one does not. */
export function verdictOfStory(story: TestStory): TestVerdict {
  if (story.inQuarantine) return 'quarantined';
  const { ran, failures, invariant, last } = story;
  if (invariant) return 'failed';
  if (failures > 0) return (story.repeated ? story.tooOften || failures === ran : story.failing) ? 'failed' : 'flaky';
  if (last === 'interrupted') return 'interrupted';
  if (ran > 0) return 'expected';
  if (last === 'skipped' || last === 'inconclusive') return last;
  return story.skip ?? 'did not run';
}

/** The verdict in Playwright's words. */
export function outcomeOfVerdict(verdict: TestVerdict): TestOutcome {
  if (verdict === 'failed') return 'unexpected';
  return verdict === 'expected' || verdict === 'flaky' ? verdict : 'skipped';
}
