import type { Json, SlotFixtureReference } from '@chaos/spec';
import type { FixtureOptions, FixtureScope } from '../fixtures/fixture.js';
import type { StepOptions, TestStepInfo } from '../info/steps.js';
import type { TestInfo } from '../info/test-info.js';
import type { TestDetails } from './details.js';
import type { RetryOptions } from '../retry/retry-options.js';
import type { SuiteMode } from './suite.js';

/** An `async (needs, use, info) => { await use(value) }`, or a value. */
export type FixtureValue<T, Needs> = T | ((needs: Needs, use: (value: T) => Promise<void>, info: TestInfo) => unknown);

/** One fixture as `test.extend` and `test.use` take it: a value, a function, or `[value or function, options]`. */
export type FixtureEntry<T, Needs> =
  | FixtureValue<T, Needs>
  | readonly [FixtureValue<T, Needs> | SlotFixtureReference, FixtureOptions & { scope?: FixtureScope }];

/** Argument of `test.extend`. */
export type Fixtures<New extends object, Old extends object> = {
  readonly [K in keyof New]: FixtureEntry<New[K], Old & New>;
} & { readonly [K in keyof Old]?: FixtureEntry<Old[K], Old & New> };

/** The argument of `test.use`: other values of fixtures that there are. */
export type FixtureOverrides<F extends object> = { readonly [K in keyof F]?: FixtureEntry<F[K], F> };

/** A test's body. */
export type TestBody<F extends object> = (fixtures: F, info: TestInfo) => unknown;

/** A hook's body. In `beforeAll` and `afterAll` only worker fixtures are to be had. */
export type HookBody<F extends object> = (fixtures: F, info: TestInfo) => unknown;

/** `test.skip` and its kin: with a title and a body they declare; otherwise they modify what they stand in. */
export interface Modifier<F extends object> {
  /** Marks the running test, or every test of the file or group. */
  (): void;
  /**
   * Marks the running test, or every test of the file or group, if the condition holds; the description is the reason.
   */
  (condition: boolean, description?: string): void;
  /** Marks each test of the file or group whose fixtures meet the condition; the description is the reason. */
  (condition: (fixtures: F) => boolean, description?: string): void;
  /**
   * Declares a test that is marked: `skip` and `fixme` do not run, `fail` has to fail, `slow` has three times its time.
   */
  (title: string, body: TestBody<F>): void;
  /** Declares a test, with details, that is marked. */
  (title: string, details: TestDetails, body: TestBody<F>): void;
}

/** `test.only`, and `test` itself: declares one test. */
export interface DeclareTest<F extends object> {
  /** Declares a test. The parameters of its body name the fixtures that it needs. */
  (title: string, body: TestBody<F>): void;
  /** Declares a test with details: tags, purpose, locks, retries and so on. */
  (title: string, details: TestDetails, body: TestBody<F>): void;
}

/** `test.fail`. */
export interface FailModifier<F extends object> extends Modifier<F> {
  /** A test that is expected to fail, and the only one of its file to run. */
  readonly only: DeclareTest<F>;
}

/** Declares a group. */
export interface DeclareGroup {
  /** Declares a group: the body declares its tests, at once. `only`, `skip`, `serial` and so on say how it runs. */
  (title: string, body: () => void): void;
  /** Declares a group without a title. */
  (body: () => void): void;
  /** Declares a group whose details each of its tests has. */
  (title: string, details: TestDetails, body: () => void): void;
}

/** Declares a group of a mode. */
export interface DeclareGroupOrOnly extends DeclareGroup {
  /** This group alone, of all in the run. */
  readonly only: DeclareGroup;
}

/** Settings of `test.describe.configure` for the surrounding group, or the file. */
export interface GroupOptions {
  /**
   * Order of its tests: one after the other in one worker (`default`), as one whole (`serial`), or at the same time
   * (`parallel`).
   */
  readonly mode?: SuiteMode;
  /** Retries of a failed test. */
  readonly retries?: number | RetryOptions;
  /** Of each test, in milliseconds. */
  readonly timeout?: number;
  /** `process`: its tests have a worker of their own, together. */
  readonly isolate?: 'process';
}

/** `test.describe`. */
export interface Describe extends DeclareGroup {
  /** This group alone, of all in the run. */
  readonly only: DeclareGroup;
  /** A group that does not run. */
  readonly skip: DeclareGroup;
  /** A group that does not run until it is mended. */
  readonly fixme: DeclareGroup;
  /** A group whose tests run in order and as one: where one fails, the rest is skipped, and all of it runs again. */
  readonly serial: DeclareGroupOrOnly;
  /** A group whose tests may run at the same time, in several workers. */
  readonly parallel: DeclareGroupOrOnly;
  /** Sets options of the surrounding group, or the file. */
  configure(options: GroupOptions): void;
}

/** A hook's declaration. */
export interface DeclareHook<F extends object> {
  /** Runs before or after each test (`beforeEach`, `afterEach`), or once in each worker (`beforeAll`, `afterAll`). */
  (body: HookBody<F>): void;
  /** Runs under a title of its own in the report. */
  (title: string, body: HookBody<F>): void;
}

/** `test.step`. */
export interface Step {
  <T>(title: string, body: (step: TestStepInfo) => T | Promise<T>, options?: StepOptions): Promise<T>;
  /** A step that is listed as skipped; its body does not run. */
  skip(title: string, body: (step: TestStepInfo) => unknown, options?: StepOptions): Promise<void>;
}

/** `test`: Playwright Test's names and meaning, what chaos adds, and what it was equipped with. */
export type TestType<F extends object, Own extends object = object> = Test<F, Own> & Own;

/** The methods of `test`, whose fixtures are `F`, and which was equipped with `Own`. */
export interface Test<F extends object, Own extends object = object> extends DeclareTest<F> {
  /** Declares the only test of the run; more of them run all. CI can forbid it by `forbidOnly`. */
  readonly only: DeclareTest<F>;
  /** Declares a group of tests. */
  readonly describe: Describe;
  /** Declares a test that does not run; without a title, skips the running test or what it stands in. */
  readonly skip: Modifier<F>;
  /** As `skip`, for what is to be mended. */
  readonly fixme: Modifier<F>;
  /** Declares a test that is expected to fail: it is red when it passes. */
  readonly fail: FailModifier<F>;
  /** Gives a test three times its time. */
  readonly slow: Modifier<F>;
  /** Runs once in each worker, before the first test of the file or group. */
  readonly beforeAll: DeclareHook<F>;
  /** Runs once in each worker, after the last test of the file or group. */
  readonly afterAll: DeclareHook<F>;
  /** Runs before each test of the file or group. */
  readonly beforeEach: DeclareHook<F>;
  /** Runs after each test of the file or group, failed ones too. */
  readonly afterEach: DeclareHook<F>;
  /** A named part of the running test, as reports show it. Returns what its body returns. */
  readonly step: Step;
  /** Time of the running test, or of each test of the group, in milliseconds; 0 = without end. */
  setTimeout(timeoutMs: number): void;
  /** Ends the running test as failed; it is not retried. */
  abort(message?: string): never;
  /**
   * Ends the running test as inconclusive: the phenomenon could not be provoked. Limited by `runner.max_inconclusive`.
   */
  inconclusive(reason: string): never;
  /** The running test. Throws outside of one. */
  info(): TestInfo;
  /** Other values of fixtures, for the file or the group. */
  use(fixtures: FixtureOverrides<F>): void;
  /** A `test` with more fixtures, or with other ones of the same names. */
  extend<New extends object>(fixtures: Fixtures<New, F>): TestType<F & New, Own>;
}

/** Access to a slot fixture for tests. */
export interface SlotHandle<Address extends Json = Json> {
  /** Plain data that the slot's side gave when it was set up. */
  readonly address: Address;
  /** Calls a method of the slot's side; arguments and result are plain data. */
  call<T extends Json = Json>(method: string, args?: readonly Json[], signal?: AbortSignal): Promise<T>;
  /** Returns another fixture of the same slot, which must be up. */
  sibling<Other extends Json = Json>(name: string): SlotHandle<Other>;
}
