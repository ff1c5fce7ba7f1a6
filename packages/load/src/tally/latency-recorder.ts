import { createRequire } from 'node:module';
import type { LatencySummary } from '@chaos/spec';

/** Latencies above this are recorded as this, in microseconds: an hour. */
const HIGHEST_US = 3_600_000_000;

/** Records latencies in milliseconds, in constant memory. */
export interface LatencyRecorder {
  record(latencyMs: number): void;
  summary(): LatencySummary;
}

/** An empty recorder. */
export function createLatencyRecorder(): LatencyRecorder {
  // Only this file, when first needed: the package's index takes 60 ms. Required, since loaders disagree on its default
  // export.
  const { default: Int32Histogram } = createRequire(import.meta.url)(
    'hdr-histogram-js/dist/Int32Histogram.js',
  ) as typeof import('hdr-histogram-js/dist/Int32Histogram.js');
  const histogram = new Int32Histogram(1, HIGHEST_US, 3);
  let [count, sum, min, max] = [0, 0, Infinity, 0];
  return {
    record(latencyMs) {
      count++;
      sum += latencyMs;
      min = Math.min(min, latencyMs);
      max = Math.max(max, latencyMs);
      histogram.recordValue(Math.min(HIGHEST_US, Math.max(1, Math.round(latencyMs * 1000))));
    },
    summary() {
      if (count === 0) return { count, min: 0, mean: 0, p50: 0, p90: 0, p95: 0, p99: 0, max: 0 };
      // A bucket's upper end may lie beyond what was seen: 3 digits are kept, the extremes are exact.
      const percentile = (percent: number): number =>
        Math.min(max, Math.max(min, histogram.getValueAtPercentile(percent) / 1000));
      return {
        count,
        min,
        mean: sum / count,
        p50: percentile(50),
        p90: percentile(90),
        p95: percentile(95),
        p99: percentile(99),
        max,
      };
    },
  };
}
