import { expect, test } from 'vitest';
import { timeLeftMs, type Progress } from './time-left.js';

function left(tests: Progress['tests'], more: Partial<Progress> = {}): number | undefined {
  return timeLeftMs({
    expectedMs: Object.fromEntries(tests.map(({ id }) => [id, 1000])),
    tests,
    workers: 2,
    elapsedMs: 0,
    ...more,
  });
}

const waiting = (count: number): Progress['tests'] =>
  Array.from({ length: count }, (_, index) => ({ id: `w${index}`, done: false, begunMs: undefined }));
const done = (count: number): Progress['tests'] =>
  Array.from({ length: count }, (_, index) => ({ id: `d${index}`, done: true, begunMs: undefined }));

test('what is left, shared by the workers', () => {
  expect(left(waiting(10))).toBe(5000);
  expect(left([])).toBeUndefined();
  expect(left(done(4))).toBeUndefined();
});

test('what runs has run for some time, and the longest of it is the least that is left', () => {
  expect(left([{ id: 'a', done: false, begunMs: 400 }, ...waiting(2)])).toBe(1300);
  expect(left([{ id: 'long', done: false, begunMs: 1000 }], { expectedMs: { long: 9000 } })).toBe(8000);
});

test('an unknown test takes as long as the mean of the known ones', () => {
  expect(left(waiting(4), { expectedMs: { w0: 1000, w1: 3000 } })).toBe((1000 + 3000 + 2000 + 2000) / 2);
});

test('a run that goes slower than those before is expected to go on like that', () => {
  // Two workers needed four seconds for four seconds of tests: twice as long as expected.
  expect(left([...done(4), ...waiting(4)], { elapsedMs: 4000 })).toBe(4000);
  // Too few tests are done for an estimate.
  expect(left([...done(1), ...waiting(4)], { elapsedMs: 4000 })).toBe(2000);
});
