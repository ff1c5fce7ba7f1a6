import type { Outcome } from './operation-error.js';

/** A latency distribution, in milliseconds (HDR histogram, 3 significant digits). All 0 when `count` is 0. */
export interface LatencySummary {
  readonly count: number;
  readonly min: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Result of one stretch of load. */
export interface LoadResult {
  readonly operations: number;
  readonly durationMs: number;
  readonly concurrency: number;
  /** Number of operations for every outcome, 0 included. */ readonly counts: Readonly<Record<Outcome, number>>;
  /** True if `right` judged the answers. */ readonly judged: boolean;
  /** The first few wrong answers, printed. */ readonly wrong: readonly string[];
  /** Distinct errors with their number, most frequent first, the first few. */
  readonly errors: readonly { readonly outcome: Outcome; readonly message: string; readonly count: number }[];
  /** `ok` operations per second. */ readonly throughput: number;
  /** Latency of all operations that ended. */ readonly latency: LatencySummary;
  readonly latencyOf: Readonly<Record<Outcome, LatencySummary>>;
}
