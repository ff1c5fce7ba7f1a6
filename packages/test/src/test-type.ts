import type { TestType as BareTestType } from '@chaos/runner';
import type { expect } from './expect.js';

/** The type of `test`, whatever fixtures were added: the runner's, with `test.expect`. */
export type TestType<F extends object> = BareTestType<F, { readonly expect: typeof expect }>;
