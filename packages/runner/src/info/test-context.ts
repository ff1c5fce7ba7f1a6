import { AsyncLocalStorage } from 'node:async_hooks';
import type { Started, StartedList } from './started.js';
import type { TestInfo } from './test-info.js';

/** The part of a test's life that something was started in, and so has to end in: a suite's hooks outlive the test. */
export type StartedIn = 'test' | 'fixture' | 'suite';

/** The test that asynchronous work belongs to, wherever it has got to since. */
export interface TestContext {
  readonly info: TestInfo;
  readonly started: StartedList;
  readonly in: StartedIn;
  /** What it is a part of, if that is registered itself. */
  readonly within?: Started;
}

const storage = new AsyncLocalStorage<TestContext | undefined>();

/** Of the code that runs now, and of the promise or timer whose error is told now. */
export function testContext(): TestContext | undefined {
  return storage.getStore();
}

/** All that `action` starts belongs to this test; to none, where it is `undefined`. */
export function inContext<T>(context: TestContext | undefined, action: () => T): T {
  return storage.run(context, action);
}

/** The same test, in another part of its life. */
export function inPart<T>(part: StartedIn, action: () => T): T {
  const context = storage.getStore();
  return context ? storage.run({ ...context, in: part }, action) : action();
}
