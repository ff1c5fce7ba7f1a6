import { expect, test } from 'vitest';
import { checkRan, checkRunnable } from './check-runnable.js';

test('a generator runs nothing, and is refused', () => {
  for (const body of [function* () {}, async function* () {}, { *method() {} }.method])
    expect(() => checkRunnable('Cannot run it', body)).toThrow(
      new TypeError('Cannot run it: its function is a generator, of which nothing would run; leave out the *'),
    );
  for (const body of [() => {}, async () => {}, function () {}, Map, undefined, 7])
    expect(() => checkRunnable('Cannot run it', body)).not.toThrow();
});

test('what a generator returns is no result', () => {
  for (const returned of [(function* () {})(), (async function* () {})()])
    expect(() => checkRan('Cannot run it', returned)).toThrow('Cannot run it: its function returned a generator');
  for (const returned of [undefined, [1].values(), function* () {}, Object.create(null)])
    expect(() => checkRan('Cannot run it', returned)).not.toThrow();
});
