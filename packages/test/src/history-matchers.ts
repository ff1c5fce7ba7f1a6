import { createRequire } from 'node:module';
import { isChaosError } from '@chaos/spec';
import type { CheckOptions, HistoryMatcherResult, HistoryMatchers, HistorySource } from '@chaos/history';

/** What a matcher found wrong: the history, and what it was checked against. */
export interface Violation {
  readonly source: HistorySource;
  readonly check: CheckOptions;
}

let last: Violation | undefined;

/** The last violation since it was asked for: for the page that is attached to a failed test. */
export function takeViolation(): Violation | undefined {
  const taken = last;
  last = undefined;
  return taken;
}

// The checkers are loaded by the first test that asks for one: most tests never do, and matchers answer at once.
const load = (): HistoryMatchers =>
  (createRequire(import.meta.url)('@chaos/history') as typeof import('@chaos/history')).historyMatchers;

function judge(source: HistorySource, matcher: () => HistoryMatcherResult): HistoryMatcherResult {
  try {
    return matcher();
  } catch (error) {
    if (isChaosError(error, 'INVARIANT_VIOLATION')) last = { source, check: error.data['check'] as CheckOptions };
    throw error;
  }
}

/** The matchers of `@chaos/history`. */
export const historyMatchers: HistoryMatchers = {
  toBeSerializable(...given) {
    return judge(given[0], () => load().toBeSerializable.apply(this, given));
  },
  toBeLinearizable(...given) {
    return judge(given[0], () => load().toBeLinearizable.apply(this, given));
  },
  toConserveTotal(...given) {
    return judge(given[0], () => load().toConserveTotal.apply(this, given));
  },
  toSatisfyModel(...given) {
    return judge(given[0], () => load().toSatisfyModel.apply(this, given));
  },
};
