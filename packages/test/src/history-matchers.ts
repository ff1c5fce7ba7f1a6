import { createRequire } from 'node:module';
import type { HistoryMatchers } from '@chaos/history';

// The checkers are loaded by the first test that asks for one: most tests never do, and matchers answer at once.
const load = (): HistoryMatchers => (createRequire(import.meta.url)('@chaos/history') as typeof import('@chaos/history')).historyMatchers;

/** The matchers of `@chaos/history`. */
export const historyMatchers: HistoryMatchers = {
  toBeSerializable(...given) {
    return load().toBeSerializable.apply(this, given);
  },
  toBeLinearizable(...given) {
    return load().toBeLinearizable.apply(this, given);
  },
  toConserveTotal(...given) {
    return load().toConserveTotal.apply(this, given);
  },
  toSatisfyModel(...given) {
    return load().toSatisfyModel.apply(this, given);
  },
};
