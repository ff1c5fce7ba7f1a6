import type { Json, SlotFixtureReference } from '@chaos/spec';
import type { FixtureOptions, FixtureScope } from '../fixtures/fixture.js';
import type { StepOptions, TestStepInfo } from '../info/steps.js';
import type { TestInfo } from '../info/test-info.js';
import type { TestDetails } from './details.js';
import type { RetryOptions } from './retry-options.js';
import type { SuiteMode } from './suite.js';

/** An `async (needs, use, info) => { await use(value) }`, or a value. */
export type FixtureValue<T, Needs> = T | ((needs: Needs, use: (value: T) => Promise<void>, info: TestInfo) => unknown);

type Entry<T, Needs> =
  | FixtureValue<T, Needs>
  | readonly [FixtureValue<T, Needs> | SlotFixtureReference, FixtureOptions & { scope?: FixtureScope }];

/** Argument of `test.extend`. */
export type Fixtures<New extends object, Old extends object> = {
  readonly [K in keyof New]: Entry<New[K], Old & New>;
} & { readonly [K in keyof Old]?: Entry<Old[K], Old & New> };

/** A test's body. */
export type TestBody<F extends object> = (fixtures: F, info: TestInfo) => unknown;

/**
 * `test.skip` and the like: with a title and a body they declare a test; otherwise they modify the surrounding group or
 * test.
 */
export interface Modifier<F extends object> {
  (): void;
  (condition: boolean, description?: string): void;
  (condition: (fixtures: F) => boolean, description?: string): void;
  (title: string, body: TestBody<F>): void;
  (title: string, details: TestDetails, body: TestBody<F>): void;
}

/** Declares a group. */
export interface Declare {
  (title: string, body: () => void): void;
  (body: () => void): void;
  (title: string, details: TestDetails, body: () => void): void;
}

/** `test.describe`. */
export interface Describe extends Declare {
  readonly only: Declare;
  readonly skip: Declare;
  readonly fixme: Declare;
  readonly serial: Declare & { readonly only: Declare };
  readonly parallel: Declare & { readonly only: Declare };
  /** Mode of the surrounding group, or of the file. */
  configure(options: {
    readonly mode?: SuiteMode;
    readonly retries?: number | RetryOptions;
    readonly timeout?: number;
    readonly isolate?: 'process';
  }): void;
}

/** A hook's declaration. */
export interface DeclareHook<F extends object> {
  (body: (fixtures: F, info: TestInfo) => unknown): void;
  (title: string, body: (fixtures: F, info: TestInfo) => unknown): void;
}

/** `test.step`. */
export interface Step {
  <T>(title: string, body: (step: TestStepInfo) => T | Promise<T>, options?: StepOptions): Promise<T>;
  skip(title: string, body: (step: TestStepInfo) => unknown, options?: StepOptions): Promise<void>;
}

/** `test`: Playwright Test's names and semantics, chaos additions, and added fixtures. */
export type TestType<F extends object, Own extends object = object> = TestFunction<F, Own> & Own;

interface TestFunction<F extends object, Own extends object> {
  (title: string, body: TestBody<F>): void;
  (title: string, details: TestDetails, body: TestBody<F>): void;
  readonly only: {
    (title: string, body: TestBody<F>): void;
    (title: string, details: TestDetails, body: TestBody<F>): void;
  };
  readonly describe: Describe;
  readonly skip: Modifier<F>;
  readonly fixme: Modifier<F>;
  readonly fail: Modifier<F> & { readonly only: TestFunction<F, Own>['only'] };
  readonly slow: Modifier<F>;
  readonly beforeAll: DeclareHook<F>;
  readonly afterAll: DeclareHook<F>;
  readonly beforeEach: DeclareHook<F>;
  readonly afterEach: DeclareHook<F>;
  readonly step: Step;
  setTimeout(timeoutMs: number): void;
  /** Ends the running test as failed; it is not retried. */
  abort(message?: string): never;
  /**
   * Ends the running test as inconclusive: the phenomenon could not be provoked. Limited by `runner.max_inconclusive`.
   */
  inconclusive(reason: string): never;
  info(): TestInfo;
  use(fixtures: { readonly [K in keyof F]?: Entry<F[K], F> }): void;
  extend<New extends object>(fixtures: Fixtures<New, F>): TestType<F & New, Own>;
}

/** Access to a slot fixture for tests. */
export interface SlotHandle<Address extends Json = Json> {
  readonly address: Address;
  call<T extends Json = Json>(method: string, args?: readonly Json[], signal?: AbortSignal): Promise<T>;
  /** Returns another fixture of the same slot, which must be up. */
  sibling<Other extends Json = Json>(name: string): SlotHandle<Other>;
}
