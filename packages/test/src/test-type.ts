import type { TestType as BareTestType } from '@chaos/runner';
import type { expect } from './expect/expect.js';

/** The type of `test`, whatever fixtures it was extended by: that of the runner, with `test.expect`. */
export type TestType<F extends object> = BareTestType<F, TestExpect>;

/** What `test` has besides the methods of the runner's. */
export interface TestExpect {
  /** The same `expect` that can be imported, as in Playwright. */
  readonly expect: typeof expect;
}
