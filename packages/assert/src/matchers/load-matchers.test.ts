import { InvariantViolation, isChaosError, type LatencySummary, type LoadResult, type Outcome } from '@chaos/spec';
import { describe, expect as check, test } from 'vitest';
import { setExpectHost } from '../expect-host.js';
import { expect } from '../expect.js';

const latency = (ms: number): LatencySummary => ({
  count: ms === 0 ? 0 : 100,
  min: ms,
  mean: ms,
  p50: ms,
  p90: ms,
  p95: ms * 2,
  p99: ms * 3,
  max: ms * 4,
});

function loadResult(counts: Partial<Record<Outcome, number>>, more: Partial<LoadResult> = {}): LoadResult {
  const all = { ok: 0, wrong: 0, rejected: 0, unavailable: 0, timeout: 0, unknown: 0, ...counts };
  const operations = Object.values(all).reduce((sum, count) => sum + count, 0);
  const summary = latency(operations === 0 ? 0 : 10);
  return {
    operations,
    durationMs: 400,
    concurrency: 4,
    counts: all,
    judged: true,
    wrong: [],
    errors: [],
    throughput: 0,
    latency: summary,
    timeline: { intervalMs: 50, ok: [], failed: [] },
    latencyOf: {
      ok: summary,
      wrong: summary,
      rejected: summary,
      unavailable: summary,
      timeout: summary,
      unknown: summary,
    },
    ...more,
  };
}

function thrownBy(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

describe('toHaveNoWrongResult', () => {
  test('passes without a wrong answer, violates the invariant with one', () => {
    expect(loadResult({ ok: 10, unavailable: 3 })).toHaveNoWrongResult();
    const error = thrownBy(() =>
      expect(loadResult({ ok: 9, wrong: 1 }, { wrong: ["{ body: 'stale' }"] })).toHaveNoWrongResult(),
    );
    check(error).toBeInstanceOf(InvariantViolation);
    check(error.message).toMatch(/Expected: 0 wrong results\nReceived: 1 of 10 judged\n {2}\{ body: 'stale' \}/);
    check(error.stack).toMatch(/^InvariantViolation: [^]*?\n +at [^\n]*thrownBy|load-matchers\.test/);
  });
  test('refuses a load that nobody judged, or that had no answer', () => {
    check(() => expect(loadResult({ ok: 5 }, { judged: false })).toHaveNoWrongResult()).toThrow(TypeError);
    check(() => expect(loadResult({ ok: 5 }, { judged: false })).not.toHaveNoWrongResult()).toThrow(TypeError);
    const few = thrownBy(() => expect(loadResult({ timeout: 5 })).toHaveNoWrongResult());
    check(isChaosError(few, 'TOO_FEW_SAMPLES')).toBe(true);
  });
  test('.not expects a wrong answer', () => {
    expect(loadResult({ ok: 9, wrong: 1 })).not.toHaveNoWrongResult();
    check(() => expect(loadResult({ ok: 9 })).not.toHaveNoWrongResult()).toThrow(/Expected: some wrong results/);
  });
  test('refuses what is no load result', () => {
    // @ts-expect-error: it does not compile either
    check(() => expect(5).toHaveNoWrongResult()).toThrow(/needs a load result.*: current value is 5/);
  });
});

test('no longer load is asked for where every operation timed out', () => {
  const hintOf = (counts: object): unknown =>
    (thrownBy(() => expect(loadResult(counts, { judged: true })).toHaveNoWrongResult()) as { hint?: string }).hint;
  check(hintOf({ timeout: 40 })).toMatch(/^Every operation timed out, and a longer load would, too/);
  check(hintOf({ timeout: 39, unavailable: 1 })).toMatch(/^Run the load longer/);
  check(hintOf({})).toMatch(/^Run the load longer/);
});

describe('ratio matchers', () => {
  test('toHaveErrorRatioBelow judges only what carries the claim, .not too', () => {
    // ln 0.05 / ln 0.99 = 298.07: 299 operations are needed for 1 %.
    expect(loadResult({ ok: 299 })).toHaveErrorRatioBelow(0.01);
    for (const call of [
      () => expect(loadResult({ ok: 298 })).toHaveErrorRatioBelow(0.01),
      () => expect(loadResult({ ok: 298 })).not.toHaveErrorRatioBelow(0.01),
    ]) {
      const error = thrownBy(call);
      check(isChaosError(error, 'TOO_FEW_SAMPLES')).toBe(true);
      check(error).toMatchObject({ data: { samples: 298, needed: 299 } });
    }
  });
  test('toHaveErrorRatioBelow shows what went wrong', () => {
    const result = loadResult(
      { ok: 290, unavailable: 10 },
      { errors: [{ outcome: 'unavailable', message: 'connect ECONNREFUSED', count: 10 }] },
    );
    check(() => expect(result).toHaveErrorRatioBelow(0.01)).toThrow(
      /Expected: < 0\.01\nReceived: {4}0\.03333 \(10 of 300\)[^]*10 × unavailable: connect ECONNREFUSED/,
    );
    expect(result).not.toHaveErrorRatioBelow(0.01);
    check(() => expect(result).toHaveErrorRatioBelow(1.5)).toThrow(
      /ratio of toHaveErrorRatioBelow\(\): current value is 1.5, it must be a number above 0 and at most 1/,
    );
  });
  test('toHaveSuccessRatioAtLeast', () => {
    expect(loadResult({ ok: 95, timeout: 5 })).toHaveSuccessRatioAtLeast(0.95);
    expect(loadResult({ ok: 3 })).toHaveSuccessRatioAtLeast(1);
    check(() => expect(loadResult({ ok: 90, timeout: 10 })).toHaveSuccessRatioAtLeast(0.95)).toThrow(
      /Received: {4}0\.9 \(90 of 100\)/,
    );
    check(() => expect(loadResult({ ok: 5 })).toHaveSuccessRatioAtLeast(0.95)).toThrow(/at least 59 are needed/);
  });
  test('toMeetPassRate', () => {
    const config = { passRates: { target: 85, acceptable: 75 } };
    const result = loadResult({ ok: 80, unknown: 20 });
    expect(result).toMeetPassRate(config);
    check(() => expect(result).toMeetPassRate(config, 'target')).toThrow(/Expected: >= 85 % \(target/);
    check(() => expect(loadResult({ ok: 2 })).toMeetPassRate(config)).toThrow(/TOO_FEW|at least 11 are needed/);
  });
});

test('toHaveLatencyBelow judges every limit that is given', () => {
  const result = loadResult({ ok: 100 });
  expect(result).toHaveLatencyBelow({ p50: 11, p95: 21, p99: 31, max: 41 });
  check(() => expect(result).toHaveLatencyBelow({ p50: 11, p99: 30 })).toThrow(
    'Expected: p50 < 11 ms, p99 < 30 ms\nReceived: p50 = 10 ms, p99 = 30 ms',
  );
  check(() => expect(result).toHaveLatencyBelow({})).toThrow(RangeError);
  check(
    isChaosError(
      thrownBy(() => expect(loadResult({})).not.toHaveLatencyBelow({ max: 1 })),
      'TOO_FEW_SAMPLES',
    ),
  ).toBe(true);
});

test('toHaveLatencyBelow judges refusals only where they are the claim', () => {
  const refused = loadResult({ unavailable: 50 });
  for (const claim of [expect(refused), expect(refused).not])
    check(() => claim.toHaveLatencyBelow({ max: 41 })).toThrow(
      /Received: no success, so no latency of one\n\nOperations: 50 in \d+ ms \(50 unavailable\)/,
    );
  expect(refused).toHaveLatencyBelow({ max: 41, outcome: 'any' });
  check(() => expect(refused).toHaveLatencyBelow({ max: 40, outcome: 'any' })).toThrow('Received: max = 40 ms');
  check(() => expect(refused).toHaveLatencyBelow({ max: 41, outcome: 'refused' as 'any' })).toThrow(
    /cannot judge outcome 'refused': known are "any", "ok"/,
  );
});

test('a load without a success is a finding, however small it is', () => {
  const dead = loadResult({ timeout: 3 });
  check(() => expect(dead).toHaveErrorRatioBelow(0.01)).toThrow(/Received: +1 \(3 of 3\)/);
  check(() => expect(dead).toHaveSuccessRatioAtLeast(0.99)).toThrow(/Received: +0 \(0 of 3\)/);
  check(() => expect(dead).toMeetPassRate({ passRates: { target: 99, acceptable: 95 } })).toThrow(/0 % \(0 of 3\)/);
  expect(dead).not.toHaveErrorRatioBelow(0.01);
});

test('toHaveLatencyBelow tells what only the stretch of a busy machine decides', () => {
  const reasons: string[] = [];
  setExpectHost({
    deadlineFactor: 2,
    onSoftFailure() {},
    onRecovery() {},
    onStretched: (reason) => void reasons.push(reason),
  });
  const result = loadResult({ ok: 100 });
  expect(result).toHaveLatencyBelow({ p50: 11, max: 41 });
  expect(result).not.toHaveLatencyBelow({ max: 20 });
  check(reasons).toEqual([]);
  expect(result).toHaveLatencyBelow({ p50: 11, max: 21 });
  expect(result).not.toHaveLatencyBelow({ max: 21 });
  const reason = 'max is 40 ms: above the limit of 21 ms, and below the 42 ms that this busy machine is allowed';
  check(reasons).toEqual([reason, reason]);
  check(() => expect(result).toHaveLatencyBelow({ max: 20 })).toThrow(
    'Expected: max < 20 ms (40 ms allowed on this busy machine)\nReceived: max = 40 ms',
  );
  check(() => expect(result).not.toHaveLatencyBelow({ max: 41 })).toThrow('Expected: not max < 41 ms');
  check(reasons).toHaveLength(2);
  setExpectHost(undefined);
});

test('toScaleWith expects at least max(atLeast, n / per)', () => {
  expect(1).toScaleWith({ concurrentRequests: 10 }, { atLeast: 1, per: 50 });
  expect(4).toScaleWith({ concurrentRequests: 200 }, { atLeast: 1, per: 50 });
  check(() => expect(3).toScaleWith({ concurrentRequests: 200 }, { atLeast: 1, per: 50 })).toThrow(
    />= 4 \(max\(1, 200 concurrent requests \/ 50\)\)/,
  );
  // @ts-expect-error: it does not compile either
  check(() => expect('3').toScaleWith({ concurrentRequests: 200 }, { atLeast: 1, per: 50 })).toThrow(TypeError);
});

test('toConserve and toBeInvariant throw InvariantViolation', () => {
  expect([40, 60]).toConserve(100);
  expect([40n, 60n]).toConserve(100);
  expect([40, 50]).not.toConserve(100);
  const lost = thrownBy(() => expect([40, 50]).toConserve(100));
  check(lost).toBeInstanceOf(InvariantViolation);
  check(lost.message).toContain('Expected: 100\nReceived: 90 (10 lost)');
  // @ts-expect-error: it does not compile either
  check(() => expect(['a']).toConserve(1)).toThrow(TypeError);

  expect({ a: [1] }).toBeInvariant({ a: [1] });
  const broken = thrownBy(() => expect({ a: [1] }).toBeInvariant({ a: [2] }));
  check(isChaosError(broken, 'INVARIANT_VIOLATION')).toBe(true);
  check(broken.message).toMatch(/- Expected[^]*\+ Received/);
  check(thrownBy(() => expect(1).not.toBeInvariant(1))).not.toBeInstanceOf(InvariantViolation);
});
