import type { Outcome } from './operation-error.js';

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
}

/** A load as reports have it, without code in the test. */
export interface LoadReport extends Omit<LoadResult, 'latencyOf' | 'wrong'> {
  /** Milliseconds since the Unix epoch. */
  readonly startMs: number;
}

/** Result of one stretch of load. */
export interface LoadResult {
  /** Operations that were started. */
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
  /** Of all operations that ended. */
  readonly latency: LatencySummary;
  /** When operations ended, at most 60 intervals. */
  readonly timeline: LoadTimeline;
  /** By outcome. */
  readonly latencyOf: Readonly<Record<Outcome, LatencySummary>>;
}
