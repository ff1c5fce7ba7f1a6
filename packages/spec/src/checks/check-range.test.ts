import { expect, test } from 'vitest';
import { checkMilliseconds, LONGEST_MS } from './check-milliseconds.js';
import { checkRange } from './check-range.js';

test.for([
  [0, { least: 0, most: 1 }],
  [1, { above: 0, most: 1 }],
  [3, { least: 1, whole: true }],
  [-7.5, {}],
  [Infinity, { least: 1 }],
] as const)('%s is in %o and returned', ([value, range]) => {
  expect(checkRange('x', value, range)).toBe(value);
});

test.for([
  [7, { least: 0, most: 1 }, '7, it must be a number from 0 to 1'],
  [0, { above: 0 }, '0, it must be a number above 0'],
  [0, { above: 0, most: 1 }, '0, it must be a number above 0 and at most 1'],
  [0.5, { least: 1, whole: true }, '0.5, it must be an integer of at least 1'],
  [9, { most: 8 }, '9, it must be a number of at most 8'],
  [NaN, {}, 'NaN, it must be a number'],
  ['5' as never, { least: 0 }, '"5", it must be a number of at least 0'],
  [10n as never, { least: 0 }, '10, it must be a number of at least 0'],
  [Infinity, { least: 0, whole: true }, 'Infinity, it must be an integer of at least 0'],
] as const)('%s is not in %o', ([value, range, said]) => {
  expect(() => checkRange('ratio', value, range)).toThrow(new RangeError(`Cannot use ratio: current value is ${said}`));
});

test('milliseconds of a fault are at most a day', () => {
  expect(checkMilliseconds('delayMs', LONGEST_MS)).toBe(86_400_000);
  expect(() => checkMilliseconds('delayMs', -1)).toThrow(/delayMs: current value is -1, .* from 0 to 86400000/);
});
