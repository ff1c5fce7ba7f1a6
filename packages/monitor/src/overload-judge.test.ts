import { describe, expect, test } from 'vitest';
import { OverloadJudge, type HostReading } from './overload-judge.js';

const INTERVAL_MS = 250;

function verdictAfter(
  count: number,
  reading: Omit<HostReading, 'timeMs'>,
  judge: OverloadJudge = new OverloadJudge(2),
) {
  for (let index = 1; index <= count; index += 1) judge.judge({ ...reading, timeMs: index * INTERVAL_MS }, INTERVAL_MS);
  return judge.verdict;
}

describe('2 CPUs', () => {
  test('others that take all we leave are overload, after a second', () => {
    const reading = { cpus: 2, othersCpus: 1.5 };
    expect(verdictAfter(3, reading).overloaded).toBe(false);
    expect(verdictAfter(4, reading)).toEqual({
      overloaded: true,
      reason: 'others use 1.5 of the 1.5 CPUs that we leave',
      sinceMs: 0,
    });
  });
  test('others are told with no more than there is', () => {
    // Readings of two moments: 1.8 of 2, of which we took 0.3.
    const { reason } = verdictAfter(4, { cpus: 2.1, othersCpus: 1.8 });
    expect(reason).toBe('others use 1.7 of the 1.7 CPUs that we leave');
  });
  test('our own load is not', () => {
    expect(verdictAfter(40, { cpus: 2, othersCpus: 0.1 }).overloaded).toBe(false);
    expect(verdictAfter(40, { cpus: 1.2, othersCpus: 1.2 }).overloaded).toBe(false);
  });
  test('the hypervisor counts as others', () => {
    expect(verdictAfter(4, { cpus: 1.3, othersCpus: 0.1, stealRatio: 0.35 }).reason).toMatch(/35 % stolen/);
  });
  test('memory and throttling', () => {
    expect(verdictAfter(4, { memoryRatio: 0.93 }).reason).toBe('93 % of memory is in use');
    expect(verdictAfter(4, { throttledRatio: 0.8 }).reason).toMatch(/throttled in 80 %/);
    expect(verdictAfter(40, { memoryRatio: 0.9, throttledRatio: 0.3 }).overloaded).toBe(false);
  });
  test('one good reading does not end it, a second of them does', () => {
    const judge = new OverloadJudge(2);
    verdictAfter(4, { memoryRatio: 0.95 }, judge);
    judge.judge({ timeMs: 1250, memoryRatio: 0.5 }, INTERVAL_MS);
    expect(judge.verdict.overloaded).toBe(true);
    for (const timeMs of [1500, 1750, 2000]) judge.judge({ timeMs, memoryRatio: 0.5 }, INTERVAL_MS);
    expect(judge.verdict).toEqual({ overloaded: false, reason: '' });
  });
});
