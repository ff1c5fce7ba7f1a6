import { expectWith, type ExtendedExpect } from '@chaos/assert';
import type { HistoryMatchers } from '@chaos/history';
import { historyMatchers } from './history-matchers.js';

/** The matchers over histories, as `expect` takes them. */
export type HistoryMatcherTable = { readonly [Name in keyof HistoryMatchers]: HistoryMatchers[Name] };

/**
 * Jest's `expect` with Playwright's additions, the matchers for resilience, and those over histories. Importing it
 * loads nothing.
 */
export const expect: ExtendedExpect<HistoryMatcherTable> = expectWith<HistoryMatcherTable>(historyMatchers);
