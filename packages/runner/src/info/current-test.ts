import { UsageError } from '@chaos/spec';
import { testContext } from './test-context.js';
import type { TestInfo } from './test-info.js';

// A worker runs one test at a time. What a test has left behind still belongs to it, by its async context.
let current: TestInfo | undefined;

/** The running test; throws where none runs. */
export function currentTest(what: string): TestInfo {
  const info = currentTestIfAny();
  if (!info)
    throw new UsageError(`@chaos/test did not expect ${what} to be called here`, {
      hint: 'Call it while a test, a hook or a fixture runs.',
    });
  return info;
}

/** The test that this code belongs to, else the running one, if one runs. */
export function currentTestIfAny(): TestInfo | undefined {
  return (testContext()?.info as TestInfo | undefined) ?? current;
}

/** Said by the worker at the start (and with `undefined` at the end) of a test. */
export function setCurrentTest(info: TestInfo | undefined): void {
  current = info;
}
