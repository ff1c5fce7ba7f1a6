import { expectWith, type ExtendedExpect } from '@chaos/assert';
import type { HistoryMatchers } from '@chaos/history';
import { historyMatchers } from './history-matchers.js';

/** The history matchers, as `expect` takes them. */
export type HistoryMatcherTable = { readonly [Name in keyof HistoryMatchers]: HistoryMatchers[Name] };

/**
 * Jest's `expect` with Playwright's additions, resilience matchers and history matchers. Importing it loads nothing
 * else.
 */
export const expect: ExtendedExpect<HistoryMatcherTable> = expectWith<HistoryMatcherTable>(historyMatchers);
