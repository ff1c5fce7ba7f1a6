import { createRandom } from '@chaos/stats';
import { expect, test } from 'vitest';
import { Timeline } from './timeline.js';

test('keeps every operation in its interval, in at most 60 of them', () => {
  const random = createRandom('timeline');
  for (let round = 0; round < 200; round++) {
    const timeline = new Timeline();
    const lengthMs = 10 ** random.integer(1, 6);
    const ends = Array.from({ length: 300 }, () => ({
      atMs: random.next() * lengthMs,
      outcome: random.pick(['ok', 'ok', 'timeout', 'unavailable'] as const),
    }));
    for (const { atMs, outcome } of ends) timeline.add(atMs, outcome, 1);
    const { intervalMs, ok, failed, failedBy } = timeline.read();
    expect(ok.length).toBeLessThanOrEqual(60);
    expect(failed).toHaveLength(ok.length);
    const within = (index: number, ...wanted: string[]): number =>
      ends.filter(({ atMs, outcome }) => wanted.includes(outcome) && Math.floor(atMs / intervalMs) === index).length;
    expect(ok).toEqual(ok.map((_, index) => within(index, 'ok')));
    expect(failed).toEqual(ok.map((_, index) => within(index, 'timeout', 'unavailable')));
    expect(failedBy).toEqual({
      timeout: ok.map((_, index) => within(index, 'timeout')),
      unavailable: ok.map((_, index) => within(index, 'unavailable')),
    });
  }
});

test('knows the percentiles of each interval to 5 %, also of those that became one', () => {
  const timeline = new Timeline();
  // 60 intervals of 50 ms are not enough: they become intervals of 100 ms.
  for (let atMs = 0; atMs < 4000; atMs += 1) timeline.add(atMs, 'ok', atMs < 2000 ? 10 + (atMs % 100) : 1000);
  const { intervalMs, latency } = timeline.read();
  expect(intervalMs).toBe(100);
  const about = (value: number | null | undefined, wanted: number): void =>
    expect(Math.abs((value ?? 0) - wanted) / wanted).toBeLessThan(0.06);
  about(latency?.p50[0], 59);
  about(latency?.p95[0], 104);
  about(latency?.p99[0], 108);
  about(latency?.p99[39], 1000);
});

test('an interval in which nothing ended has no percentiles', () => {
  const timeline = new Timeline();
  timeline.add(10, 'ok', 5);
  timeline.add(160, 'wrong', 5);
  const { ok, failed, latency } = timeline.read();
  expect([ok, failed]).toEqual([
    [1, 0, 0, 0],
    [0, 0, 0, 1],
  ]);
  expect(latency?.p50.map((value) => value === null)).toEqual([false, true, true, false]);
});
