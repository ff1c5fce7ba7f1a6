import { expect as check, test } from 'vitest';
import { expect } from './expect.js';

const START_MS = Date.UTC(2026, 0, 1, 12);
const outcomes = Array.from({ length: 500 }, (_, at) => ({
  worker: at % 10,
  iteration: at,
  outcome: at % 5 === 0 ? 'timeout' : 'error',
  startMs: START_MS + at * 10,
  latencyMs: at / 3,
  error: new Error(at % 5 === 0 ? 'no answer' : `order ${at} was refused\nby 10.0.0.${at % 7}`),
}));
const messageOf = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
};

test('a long list that ought to be empty is told by kind, with times and an example of each', () => {
  const message = messageOf(() => expect(outcomes).toEqual([]));
  check(message).toMatch(
    /^.*toEqual.*\n\n500 elements of 2 kinds, none expected:\n {2}400 × error: order 1 was refused by/,
  );
  check(message).toContain('\n      first at 12:00:00.010, last at 12:00:04.990\n');
  check(message).toContain('\n  100 × timeout: no answer\n      first at 12:00:00.000, last at 12:00:04.950\n');
  check(message).toContain('      such as { worker: 0, iteration: 0, outcome:');
  check(message.split('\n').length).toBeLessThanOrEqual(10);
});

test('however many kinds there are, the message has at most 30 lines', () => {
  const kinds = Array.from({ length: 500 }, (_, at) => ({
    outcome: 'wrong',
    startMs: START_MS,
    error: new Error('abcdefghij'.slice(0, 1 + (at % 10)) + '!'.repeat(at % 49)),
  }));
  for (const call of [
    () => expect(kinds).toEqual([]),
    () => expect(kinds).toStrictEqual([]),
    () => expect(kinds).toHaveLength(0),
  ]) {
    const lines = messageOf(call).split('\n');
    check(lines.length).toBeLessThanOrEqual(30);
    check(lines.at(-1)).toMatch(/^ {2}and \d+ elements of \d+ more kinds$/);
    check(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(160);
  }
});

test('strings, numbers, errors and promised lists are grouped, too', async () => {
  const mixed = Array.from({ length: 90 }, (_, at) => [`row ${at}`, at, new TypeError(`bad ${at}`)][at % 3]);
  const told = await expect(Promise.resolve(mixed))
    .resolves.toEqual([])
    .then(
      () => '',
      (error: unknown) => (error as Error).message,
    );
  check(told).toContain("90 elements of 3 kinds, none expected:\n  30 × 'row 0'");
  check(told).toContain('  30 × TypeError: bad 2');
});

test('short lists, other expectations and elements that cannot be read keep the words of Jest', () => {
  const hostile = {
    get outcome(): string {
      throw new Error('not to be read');
    },
  };
  check(messageOf(() => expect([1, 2]).toEqual([]))).toContain('+   1,');
  check(messageOf(() => expect(outcomes).toEqual([1]))).not.toContain('none expected');
  check(messageOf(() => expect([]).not.toEqual([]))).not.toContain('none expected');
  check(messageOf(() => expect(Array.from({ length: 50 }, () => hostile)).toEqual([]))).toBeTruthy();
});
