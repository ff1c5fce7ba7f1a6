import type { Outcome } from '../errors/operation-error.js';

/** A latency distribution, in milliseconds (HDR histogram, 3 significant digits). All 0 when `count` is 0. */
export interface LatencySummary {
  /** Operations it is about. */
  readonly count: number;
  /** Milliseconds, as the rest. */
  readonly min: number;
  /** Arithmetic mean. */
  readonly mean: number;
  /** Median. */
  readonly p50: number;
  /** 90 % were not slower. */
  readonly p90: number;
  /** 95 % were not slower. */
  readonly p95: number;
  /** 99 % were not slower. */
  readonly p99: number;
  /** The slowest. */
  readonly max: number;
}

/** Operations over time, in intervals of equal length from the first start on. */
export interface LoadTimeline {
  /** Length of an interval, ms. */
  readonly intervalMs: number;
  /** `ok` operations that ended in each interval. */
  readonly ok: readonly number[];
  /** All others. */
  readonly failed: readonly number[];
  /** The same as `failed`, by outcome; of those that occurred. Reports of earlier versions lack it. */
  readonly failedBy?: Readonly<Partial<Record<Exclude<Outcome, 'ok'>, readonly number[]>>>;
  /**
   * Latency of the operations that ended in each interval, ms, to 5 %; `null` where none did. Earlier reports lack it.
   */
  readonly latency?: Readonly<Record<'p50' | 'p95' | 'p99', readonly (number | null)[]>>;
}

/** Arrivals of an open loop. */
export interface LoadArrivals {
  /** `constant`: evenly. `poisson`: at random, independent of one another. */
  readonly process: 'constant' | 'poisson';
  /** Requests that arrived. */
  readonly planned: number;
  /** Those of them that were not started, because too many were under way; they count as `unavailable`. */
  readonly shed: number;
  /** Milliseconds by which operations were started later than planned: the load generator's own delay. */
  readonly lag: LatencySummary;
}

/** A load as reports have it, without code in the test. */
export interface LoadReport extends Omit<LoadResult, 'latencyOf' | 'wrong'> {
  /** Milliseconds since the Unix epoch. */
  readonly startMs: number;
}

/** The figures of one experiment: steady state, faults, recovery. */
export interface ExperimentReport {
  /** Names of the faults, in the order of their injection. */
  readonly faults: readonly string[];
  /** What had to recover. */
  readonly what: string;
  /** Latency of the steady state before the faults, ms. */
  readonly baseline: LatencySummary;
  /** The load while the faults were in force; absent where the test did something else. */
  readonly during?: Pick<LoadResult, 'counts' | 'latency'>;
  /** From healing until the steady state was back, ms. */
  readonly recoveryMs: number;
}

/** Result of one stretch of load. */
export interface LoadResult {
  /** Operations that were started; those of an open loop that were shed count, too. */
  readonly operations: number;
  /** From the first start to the last end, in milliseconds. */
  readonly durationMs: number;
  /** Operations that were under way at the same time, at most. */
  readonly concurrency: number;
  /** Number of operations for every outcome, 0 included. */
  readonly counts: Readonly<Record<Outcome, number>>;
  /** True if `right` judged the answers. */
  readonly judged: boolean;
  /** The first few wrong answers, printed. */
  readonly wrong: readonly string[];
  /** Distinct errors with their number, most frequent first, the first few. */
  readonly errors: readonly { readonly outcome: Outcome; readonly message: string; readonly count: number }[];
  /** `ok` operations per second. */
  readonly throughput: number;
  /** Of all operations that ended. In an open loop it counts from the instant at which a request was to arrive. */
  readonly latency: LatencySummary;
  /** Of an open loop only. */
  readonly arrivals?: LoadArrivals;
  /** When operations ended, at most 60 intervals. */
  readonly timeline: LoadTimeline;
  /** By outcome. */
  readonly latencyOf: Readonly<Record<Outcome, LatencySummary>>;
}
