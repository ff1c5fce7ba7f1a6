import { describe, expect, it } from 'vitest';
import { createRandom } from './random.js';

const draw = (...names: [string, ...string[]]): number[] => {
  const random = createRandom(...names);
  return [random.next(), random.next()];
};

describe('createRandom()', () => {
  it('gives the same values in every version', () => {
    expect(draw('1')).toEqual([0.04715268721230914, 0.9366760982960779]);
    expect(draw('seed')).toEqual([0.7444787228087743, 0.3866606256709946]);
    expect(draw('seed', 'test', 'jitter')).toEqual([0.5278776297424833, 0.3260009944622958]);
    const random = createRandom('seed');
    expect([random.integer(1, 100), random.pick(['a', 'b', 'c']), random.shuffle([1, 2, 3, 4, 5])]).toEqual([
      75,
      'b',
      [4, 2, 3, 5, 1],
    ]);
    expect([random.exponential(10), random.normal(5, 2)]).toEqual([
      expect.closeTo(6.506808282746906, 12),
      expect.closeTo(1.8643979984384584, 12),
    ]);
  });

  it('keeps streams of different names apart', () => {
    const streams = [draw('ab', 'c'), draw('a', 'bc'), draw('abc'), draw('abc', ''), draw(''), draw('', '')];
    expect(new Set(streams.map(String)).size).toBe(streams.length);
  });

  it('starts neighbouring streams independently', () => {
    const first = Array.from({ length: 20_000 }, (_, index) => createRandom('seed', String(index)).next() - 0.5);
    const product = first.slice(1).reduce((sum, value, index) => sum + value * (first[index] as number), 0);
    expect(Math.abs((product / first.length) * 12)).toBeLessThan(0.03);
  });

  it('draws uniformly (chi-squared, 99.9 %)', () => {
    const random = createRandom('uniform');
    const counts = Array.from({ length: 100 }, () => 0);
    for (let run = 0; run < 200_000; run++) counts[random.integer(0, 99)]! += 1;
    expect(counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0)).toBeLessThan(148.2);
  });

  it('has the moments it promises', () => {
    const random = createRandom('moments');
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const normal = Array.from({ length: 50_000 }, () => random.normal(10, 3));
    expect(mean(normal)).toBeCloseTo(10, 1);
    expect(Math.sqrt(mean(normal.map((value) => (value - 10) ** 2)))).toBeCloseTo(3, 1);
    expect(mean(Array.from({ length: 50_000 }, () => random.exponential(4)))).toBeCloseTo(4, 0);
  });

  it('shuffles a copy into every order', () => {
    const random = createRandom('shuffle');
    const values = Object.freeze([1, 2, 3]);
    expect(new Set(Array.from({ length: 200 }, () => random.shuffle(values).join(''))).size).toBe(6);
  });

  it('includes both ends of an integer range', () => {
    const random = createRandom('ends');
    expect([...new Set(Array.from({ length: 200 }, () => random.integer(-1, 1)))].sort((a, b) => a - b)).toEqual([
      -1, 0, 1,
    ]);
    expect(random.integer(7, 7)).toBe(7);
    expect(Number.isSafeInteger(random.integer(0, Number.MAX_SAFE_INTEGER))).toBe(true);
  });

  it('refuses what it cannot draw from, with the value', () => {
    const random = createRandom('misuse');
    expect(() => random.integer(3, 2)).toThrow(new RangeError('Cannot draw an integer: current range is 3 to 2'));
    expect(() => random.integer(0.5, 2)).toThrow('0.5 to 2');
    expect(() => random.pick([])).toThrow(RangeError);
    expect(() => random.exponential(0)).toThrow('mean is 0');
    expect(() => random.normal(0, -1)).toThrow('standard deviation -1');
  });
});
