import { UsageError } from '@chaos/spec';
import { testContext } from './test-context.js';
import type { TestInfo } from './test-info.js';

// A worker runs one test at a time. Work that outlives a test still belongs to it, through its async context.
let current: TestInfo | undefined;

/** The running test; throws if none runs. */
export function currentTest(what: string): TestInfo {
  const info = currentTestIfAny();
  if (!info)
    throw new UsageError(`@chaos/test did not expect ${what} to be called here`, {
      hint: 'Call it while a test, a hook or a fixture runs.',
    });
  return info;
}

/** The test that this code belongs to, else the running one, if any. */
export function currentTestIfAny(): TestInfo | undefined {
  return (testContext()?.info as TestInfo | undefined) ?? current;
}

/** Called by the worker at the start of a test, and with `undefined` at its end. */
export function setCurrentTest(info: TestInfo | undefined): void {
  current = info;
}
