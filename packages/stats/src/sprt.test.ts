import { describe, expect, it } from 'vitest';
import { createRandom } from './random.js';
import { sprt, type Sprt, type SprtOptions } from './sprt.js';

function feed(options: SprtOptions, failed: () => boolean): Sprt {
  const test = sprt(options);
  while (test.add(failed()) === 'CONTINUE');
  return test;
}

function repeat(options: SprtOptions, ratio: number): { meanRuns: number; flakyRatio: number } {
  const random = createRandom('sprt', JSON.stringify(options), String(ratio));
  const tests = Array.from({ length: 20_000 }, () => feed(options, () => random.next() < ratio));
  return {
    meanRuns: tests.reduce((sum, test) => sum + test.runs, 0) / tests.length,
    flakyRatio: tests.filter((test) => test.verdict === 'FLAKY').length / tests.length,
  };
}

describe('sprt()', () => {
  // Exact figures of a dynamic programme over (runs, failures).
  it.each([
    { p0: 0.01, p1: 0.2, passes: 14, atP0: 15.7, atP1: 9.0, falseAlarms: 0.021 },
    { p0: 0.01, p1: 0.1, passes: 31, atP0: 39.6, atP1: 24.3, falseAlarms: 0.023 },
    { p0: 0.05, p1: 0.3, passes: 10, atP0: 14.4, atP1: 10.2, falseAlarms: 0.029 },
    { p0: 0.005, p1: 0.05, passes: 64, atP0: 81.5, atP1: 49.3, falseAlarms: 0.023 },
  ])('$p0 against $p1 stops when it should', ({ p0, p1, passes, atP0, atP1, falseAlarms }) => {
    const options = { p0, p1, minimumFailures: 1, maxRuns: 5000 };
    const clean = feed(options, () => false);
    expect([clean.verdict, clean.runs]).toEqual(['STABLE', passes]);
    const good = repeat(options, p0);
    expect(Math.abs(good.meanRuns / atP0 - 1)).toBeLessThan(0.03);
    expect(Math.abs(good.flakyRatio - falseAlarms)).toBeLessThan(0.005);
    const bad = repeat(options, p1);
    expect(Math.abs(bad.meanRuns / atP1 - 1)).toBeLessThan(0.03);
    expect(bad.flakyRatio).toBeGreaterThan(0.94);
  });

  it('does not call a test flaky for a single failure', () => {
    const test = sprt({ p0: 0.01, p1: 0.2 });
    expect(test.add(true)).toBe('CONTINUE');
    expect(test.logLikelihoodRatio).toBeGreaterThan(2.944);
    expect(test.add(true)).toBe('FLAKY');
    expect(sprt({ p0: 0.01, p1: 0.2, minimumFailures: 1 }).add(true)).toBe('FLAKY');
  });

  it('ends undecided at the limit and then stays as it is', () => {
    const test = sprt({ p0: 0.01, p1: 0.1, maxRuns: 3 });
    expect([test.add(false), test.add(true), test.add(false)]).toEqual(['CONTINUE', 'CONTINUE', 'UNDECIDED']);
    expect([test.add(true), test.runs, test.failures, test.verdict]).toEqual(['UNDECIDED', 3, 1, 'UNDECIDED']);
  });

  it('refuses misuse with the value', () => {
    expect(() => sprt({ p0: 0, p1: 0.1 })).toThrow('current p0 is 0');
    expect(() => sprt({ p0: 0.2, p1: 0.1 })).toThrow('p0 0.2 is not below p1 0.1');
    expect(() => sprt({ p0: 0.1, p1: 0.2, alpha: 0.5, beta: 0.5 })).toThrow('alpha + beta is 1');
    expect(() => sprt({ p0: 0.1, p1: 0.2, maxRuns: 0 })).toThrow('current maxRuns is 0');
  });
});
