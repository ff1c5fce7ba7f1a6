import { createTest } from './declare/create-test.js';
import type { TestType } from './declare/test-type.js';

/** `test` without any fixture; `@chaos/test` extends it. */
export const test: TestType<object> = createTest<object>([]);
