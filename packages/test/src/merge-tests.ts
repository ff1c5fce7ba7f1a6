import { mergeTests as merge } from '@chaos/runner';
import type { TestType } from './test-type.js';

/** One `test` with the fixtures of several, as in Playwright. Throws `TypeError` for a value that is no test. */
export const mergeTests: (...tests: readonly TestType<object>[]) => TestType<Record<string, unknown>> = merge as never;
