import type { Matchers } from 'expect';
import type { LoadParameters, LoadResult, ResolvedConfig } from '@chaos/spec';
import type { LatencyLimits } from './matchers/to-have-latency-below.js';
import type { ToPassOptions } from './matchers/to-pass.js';
import type { RecoverOptions } from './matchers/to-recover-within.js';
import type { ScaleOptions } from './matchers/to-scale-with.js';

/** Matchers for every value, beyond Jest's. */
export interface ValueMatchers<R> {
  /** Correctness: equals `expected`, as `toEqual` sees it. */
  toBeInvariant(expected: unknown): R;
}

/** Matchers for a load result, as `load.closed()` returns it. */
export interface LoadMatchers<R> {
  /**
   * Correctness: no judged answer of the load is wrong. `TypeError` where the load had no `right`, `TOO_FEW_SAMPLES`
   * where nothing was judged.
   */
  toHaveNoWrongResult(): R;
  /** Ratio: operations that did not end `ok`, of all; below `ratio` (0…1]. */
  toHaveErrorRatioBelow(ratio: number): R;
  /** Ratio: operations that ended `ok`, of all; `ratio` 0…1. */
  toHaveSuccessRatioAtLeast(ratio: number): R;
  /** Ratio: percent of `ok` operations reaches `config.passRates`, by default the acceptable one. */
  toMeetPassRate(config: Pick<ResolvedConfig, 'passRates'>, level?: 'target' | 'acceptable'): R;
  /** Percentiles in milliseconds over all operations that ended. */
  toHaveLatencyBelow(limits: LatencyLimits): R;
}

/** Matchers for a number. */
export interface NumberMatchers<R> {
  /** A number reaches `max(atLeast, config.concurrentRequests / per)`. */
  toScaleWith(config: Pick<LoadParameters, 'concurrentRequests'>, options: ScaleOptions): R;
}

/** Matchers for amounts: a number, a bigint, or a list of either. */
export interface AmountMatchers<R> {
  /** Correctness: a number, or the sum of a list, is `total`: nothing was lost or made. */
  toConserve(total: number | bigint): R;
}

/** Matchers for a function. */
export interface FunctionMatchers {
  /** A function succeeds some times in a row, fast enough, in time. The measured recovery goes to the report. */
  toRecoverWithin(options: RecoverOptions): Promise<void>;
  /** A function stops throwing. An `InvariantViolation` ends the waiting at once. */
  toPass(options?: ToPassOptions): Promise<void>;
}

/** True if a `T` can be judged as a `Judged`. An optional value can: the claim includes that it is there. */
export type CanBe<T, Judged> = [T] extends [Judged]
  ? true
  : [NonNullable<T>] extends [never]
    ? false
    : [NonNullable<T>] extends [Judged]
      ? true
      : false;

type Where<T, Judged, Matchers> = CanBe<T, Judged> extends true ? Matchers : unknown;

/**
 * Matchers of `expect` for a `T` beyond Jest's: only those that can judge a `T`. *Correctness* matchers throw
 * `InvariantViolation`, which no retry clears; *ratio* matchers throw `ChaosError` `TOO_FEW_SAMPLES` when the load was
 * too small for the claim, also under `.not`.
 */
export type ChaosMatchers<R, T> = ValueMatchers<R> &
  Where<T, LoadResult, LoadMatchers<R>> &
  Where<T, number, NumberMatchers<R>> &
  Where<T, number | bigint | readonly number[] | readonly bigint[], AmountMatchers<R>> &
  Where<T, (...args: never[]) => unknown, FunctionMatchers>;

/** Matchers whose result is `R`, and their opposites. */
export type Assertion<R extends void | Promise<void>, T> = Matchers<R, T> &
  ChaosMatchers<R, T> & {
    /** The opposite: fails where the matcher passes. */
    readonly not: Matchers<R, T> & ChaosMatchers<R, T>;
  };

/** Result of `expect(actual)`. */
export type Assertions<T> = Assertion<void, T> & {
  /** Judges what a promise resolves to. */
  readonly resolves: Assertion<Promise<void>, Awaited<T>>;
  /** Judges what a promise rejects with. */
  readonly rejects: Assertion<Promise<void>, unknown>;
};
