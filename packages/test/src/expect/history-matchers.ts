import { createRequire } from 'node:module';
import { isChaosError } from '@chaos/spec';
import type { CheckOptions, HistoryMatcherResult, HistoryMatchers, HistorySource } from '@chaos/history';

/** Violation found by a matcher: the history, and the options of the check. */
export interface Violation {
  readonly source: HistorySource;
  readonly check: CheckOptions;
}

let last: Violation | undefined;

/** Returns the last violation since the previous call, for the page that is attached to a failed test. */
export function takeViolation(): Violation | undefined {
  const taken = last;
  last = undefined;
  return taken;
}

// Load checkers on first use: most tests need none, and matchers must return at once.
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
