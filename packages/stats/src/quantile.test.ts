import { expect, it } from 'vitest';
import { quantile } from './quantile.js';

it('quantile() interpolates as NumPy does, without touching its input', () => {
  const values = Object.freeze([9, 1, 5, 3]);
  expect([0, 0.25, 0.5, 0.9, 1].map((q) => quantile(values, q))).toEqual([1, 2.5, 4, expect.closeTo(7.8, 12), 9]);
  expect(quantile([7], 0.3)).toBe(7);
  expect(quantile([100, 20, 3], 0.5)).toBe(20);
  expect(quantile([1, Infinity], 1)).toBe(Infinity);
});

it('quantile() refuses misuse with the value', () => {
  expect(() => quantile([], 0.5)).toThrow(RangeError);
  expect(() => quantile([1], 1.5)).toThrow('current q is 1.5');
  expect(() => quantile([1, NaN], 0.5)).toThrow('NaN');
});
