import fc from 'fast-check';
import { expect, it } from 'vitest';
import { identify } from '../../identify.js';
import { hashValue, isEqualValue } from './structure.js';

// Small values, so that many are equal.
const key = fc.constantFrom('a', 'b');
const value = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown>(null, undefined, true, false, 0, -0, 1, 1.5, 2 ** 40, '', '1', 'null', 1n, 2n),
    fc.array(tie('any'), { maxLength: 2 }),
    fc.dictionary(key, tie('any'), { maxKeys: 2 }),
    fc.array(fc.tuple(key, tie('any')), { maxLength: 2 }).map((entries) => new Map(entries)),
    fc.array(fc.constantFrom<unknown>(1, '1', null, true), { maxLength: 2 }).map((items) => new Set(items)),
    fc.constantFrom(new Date(0), new Date(1)),
  ),
})).any;

const hash = (one: unknown): number => hashValue(one, { parts: 0 });
// JSON leaves such fields out; a Map's entries it cannot.
const reversed = (one: unknown): unknown =>
  typeof one === 'object' && one !== null && Object.getPrototypeOf(one) === Object.prototype
    ? Object.fromEntries(Object.entries(one).reverse())
    : one;

it('is equality by JSON with sorted keys, and equal values have equal hashes', () => {
  let equal = 0;
  fc.assert(
    fc.property(value, value, (one, other) => {
      const expected = identify(one) === identify(other);
      if (expected) equal++;
      expect(isEqualValue(one, other)).toBe(expected);
      expect(isEqualValue(other, one)).toBe(expected);
      if (expected) expect(hash(one)).toBe(hash(other));
      expect([isEqualValue(one, reversed(one)), hash(one) === hash(reversed(one))]).toEqual([true, true]);
    }),
    { numRuns: 2000 },
  );
  expect(equal).toBeGreaterThan(40);
});

it('tells numbers apart that no JSON has', () => {
  const odd = [NaN, Infinity, -Infinity, 0, null];
  for (const [at, one] of odd.entries())
    for (const [place, other] of odd.entries()) expect(isEqualValue([one], [other])).toBe(at === place);
  expect(hash(NaN)).toBe(hash(0 / 0));
});

it('counts what is inside of a value', () => {
  const size = { parts: 0 };
  hashValue([1, { a: 2, b: [3] }], size);
  expect(size.parts).toBe(6);
});

it('spreads the hashes of small states', () => {
  const hashes = new Set<number>();
  for (let one = 0; one < 100; one++)
    for (let other = 0; other < 100; other++) hashes.add(hash([one, other, `${one}`, { x: other }]));
  expect(hashes.size).toBeGreaterThan(9990);
});
