import { UsageError } from '@chaos/spec';
import type { TestInfo } from './test-info.js';

// A worker runs one test at a time; a body that outlives its test gets its worker replaced.
let current: TestInfo | undefined;

/** The running test; throws where none runs. */
export function currentTest(what: string): TestInfo {
  if (!current)
    throw new UsageError(`@chaos/test did not expect ${what} to be called here`, {
      hint: 'Call it while a test, a hook or a fixture runs.',
    });
  return current;
}

/** The running test, if one runs. */
export function currentTestIfAny(): TestInfo | undefined {
  return current;
}

/** Said by the worker at the start (and with `undefined` at the end) of a test. */
export function setCurrentTest(info: TestInfo | undefined): void {
  current = info;
}
