import type { AsymmetricMatchers, BaseExpect, Inverse, MatcherContext, SyncExpectationResult } from 'expect';
import type { Assertion, Assertions, CanBe } from './assertions.js';

/** Options of `expect.configure`, as in Playwright. */
export interface ConfigureOptions {
  /** Milliseconds for `expect.poll`. Default 5000. */
  readonly timeout?: number;
  /** Failures are noted, and the test goes on. */
  readonly soft?: boolean;
  /** The first line of every failure message. */
  readonly message?: string;
}

/** Options of `expect.poll`, as in Playwright. */
export interface PollExpectOptions {
  /** Milliseconds, stretched by the host. Default 5000; 0 = until the test's end. */
  readonly timeout?: number;
  /** Pauses in milliseconds, the last one repeats. Default 100, 250, 500, 1000. */
  readonly intervals?: readonly number[];
  /** The first line of the failure message. */
  readonly message?: string;
}

/** A matcher for `expect.extend`, as in Jest. */
export type CustomMatcher = (
  this: MatcherContext,
  received: never,
  ...expected: never[]
) => SyncExpectationResult | Promise<SyncExpectationResult>;

/** Matchers by name. */
export type MatcherTable = Readonly<Record<string, CustomMatcher>>;

/** The type of `expect.poll`. */
export type PollExpect = <T>(
  read: () => T | Promise<T>,
  messageOrOptions?: string | PollExpectOptions,
) => Assertion<Promise<void>, T>;

/** The type of `expect.soft`. */
export interface SoftExpect {
  /** Judges a value; a failure is noted and the test goes on. */
  <T>(actual: T, messageOrOptions?: string | { readonly message?: string }): Assertions<T>;
  /** As `expect.poll`; a failure is noted and the test goes on. */
  readonly poll: PollExpect;
}

/** The type of {@link expect}. */
export interface ChaosExpect
  extends
    AsymmetricMatchers,
    Inverse<Omit<AsymmetricMatchers, 'any' | 'anything'>>,
    Pick<BaseExpect, 'addEqualityTesters' | 'getState' | 'setState'> {
  /** Judges a value: `expect(actual).toBe(…)`. A message becomes the first line of a failure. */
  <T>(actual: T, messageOrOptions?: string | { readonly message?: string }): Assertions<T>;
  /** A failure is noted and the test goes on; it fails at its end. */
  readonly soft: SoftExpect;
  /** Judges fresh values of `read` until the matcher passes or the time is up. What `read` throws is thrown. */
  readonly poll: PollExpect;
  /** An `expect` with other defaults. */
  readonly configure: (options: ConfigureOptions) => ChaosExpect;
  /** Adds matchers, for every `expect`. */
  readonly extend: <M extends MatcherTable>(matchers: M) => ExtendedExpect<M>;
}

/** {@link ChaosExpect} that knows the matchers `M`. */
export type ExtendedExpect<M extends MatcherTable> = ExpectValue<M> & ChaosExpect;

/** `expect(actual)` that knows the matchers `M`. */
export interface ExpectValue<M extends MatcherTable> {
  /** Judges a value: `expect(actual).toBe(…)`. A message becomes the first line of a failure. */
  <T>(actual: T, messageOrOptions?: string | { readonly message?: string }): ExtendedAssertions<M, T>;
}

/** What `expect(actual)` returns where `expect` knows the matchers `M`. */
export type ExtendedAssertions<M extends MatcherTable, T> = Assertions<T> & CustomAssertions<M, T>;

/** The matchers `M` as methods: those whose first parameter, what is judged, takes a `T`. */
export type CustomAssertions<M extends MatcherTable, T> = CustomCalls<M, T> & {
  /** The opposite: fails where the matcher passes. */
  readonly not: CustomCalls<M, T>;
};

type CustomCalls<M extends MatcherTable, T> = {
  readonly [
    K in keyof M as M[K] extends Judge<infer V> ? (CanBe<T, V> extends true ? K : never) : never
  ]: M[K] extends (received: never, ...expected: infer E) => infer R
    ? (...expected: E) => R extends Promise<unknown> ? Promise<void> : void
    : never;
};

type Judge<V> = (this: MatcherContext, received: V, ...expected: never[]) => unknown;
