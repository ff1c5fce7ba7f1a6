import { AsyncLocalStorage } from 'node:async_hooks';
import type { Wait, WaitOptions } from './waits.js';

/**
 * The part in which work was started, and must end: a suite's hooks outlive the test, and worker fixtures the suite.
 */
export type StartedIn = 'test' | 'fixture' | 'suite' | 'worker';

/** One piece of asynchronous work that a test started through us. */
export interface Started {
  readonly wait: Wait;
  /** The file that it was most likely started in. */
  readonly file: string;
  readonly in: StartedIn;
  readonly within: Started | undefined;
  promise?: Promise<unknown>;
  settled: boolean;
  /** True after the test was told that it did not await this work: its result is ignored then. */
  isTold: boolean;
}

/** Register of the work that a test has started. */
export interface Registry {
  /** True once the test has its result. */
  readonly isOver: boolean;
  begin(what: string, below: (...args: never[]) => unknown, context: TestContext, options: WaitOptions): Started;
  follow<T>(started: Started, promise: Promise<T>): Promise<T>;
  discard(started: Started): void;
}

/** The test that asynchronous work belongs to, wherever it runs. */
export interface TestContext {
  readonly info: { readonly title: string; readonly file: string; readonly line: number; readonly column: number };
  readonly started: Registry;
  readonly in: StartedIn;
  /** Registered work that this work is part of, if any. */
  readonly within?: Started;
}

const storage = new AsyncLocalStorage<TestContext | undefined>();

/** Belongs to the running code, or to the promise or timer whose error is being reported. */
export function testContext(): TestContext | undefined {
  return storage.getStore();
}

/** Makes everything that `action` starts belong to this test; to none if it is `undefined`. */
export function inContext<T>(context: TestContext | undefined, action: () => T): T {
  return storage.run(context, action);
}

/** The same test in another part of its life. */
export function inPart<T>(part: StartedIn, action: () => T): T {
  const context = storage.getStore();
  return context ? storage.run({ ...context, in: part }, action) : action();
}
