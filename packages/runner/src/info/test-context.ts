import { AsyncLocalStorage } from 'node:async_hooks';
import type { Wait } from './waits.js';

/** The part of a test's life that something was started in, and so has to end in: a suite's hooks outlive the test. */
export type StartedIn = 'test' | 'fixture' | 'suite';

/** One asynchronous thing that a test has started through us. */
export interface Started {
  readonly wait: Wait;
  readonly in: StartedIn;
  readonly within: Started | undefined;
  promise?: Promise<unknown>;
  settled: boolean;
  /** The test was told that it did not await this: how it ends then is no news. */
  isTold: boolean;
}

/** Where it is written down what a test has started. */
export interface Registry {
  /** True once the test has its result. */
  readonly isOver: boolean;
  begin(what: string, below: (...args: never[]) => unknown, context: TestContext, quiet: boolean): Started;
  follow<T>(started: Started, promise: Promise<T>): Promise<T>;
  discard(started: Started): void;
}

/** The test that asynchronous work belongs to, wherever it has got to since. */
export interface TestContext {
  readonly info: { readonly title: string; readonly file: string; readonly line: number; readonly column: number };
  readonly started: Registry;
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
