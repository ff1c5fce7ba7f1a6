import { formatDuration } from '../../format-duration.js';
import type { RunRecord } from '@chaos/record';
import { testHeader } from '../../label/test-header.js';
import type { Colors } from '../colors.js';

/** The slowest tests over `runner.report_slow_tests.threshold_ms`, as many as it allows; retries do not count. */
export function slowTests({ tests, start }: RunRecord, colors: Colors): string[] {
  if (start === undefined) return [];
  const { max, thresholdMs } = start.config.runner.reportSlowTests;
  const timed = [...tests.values()].map(({ test, attempts }) => ({
    test,
    durationMs: attempts.at(-1)?.durationMs ?? 0,
  }));
  const slow = timed
    .filter(({ durationMs }) => durationMs > thresholdMs)
    .sort((left, right) => right.durationMs - left.durationMs);
  return slow
    .slice(0, max)
    .map(({ test, durationMs }) =>
      colors.yellow(`  Slow test: ${testHeader(test, start.config)} (${formatDuration(durationMs)})`),
    );
}
