import { expect, test } from 'vitest';
import { checkRunnable } from './check-runnable.js';

test('a generator runs nothing, and is refused', () => {
  for (const body of [function* () {}, async function* () {}, { *method() {} }.method])
    expect(() => checkRunnable('Cannot run it', body)).toThrow(
      new TypeError('Cannot run it: its function is a generator, of which nothing would run; leave out the *'),
    );
  for (const body of [() => {}, async () => {}, function () {}, Map, undefined, 7])
    expect(() => checkRunnable('Cannot run it', body)).not.toThrow();
});
