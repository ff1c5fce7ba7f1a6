import { expect, onTestFinished, test } from 'vitest';
import { watchEnds } from '../src/signals/watch-ends.js';

test('the signal of a run takes many listeners without a warning: looking for capabilities alone adds eight', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on('warning', note);
  onTestFinished(() => void process.off('warning', note));
  await using ends = watchEnds({
    limitMs: 0,
    late: () => new Error('late'),
    isUsersCodeHere: false,
    stopped: new AbortController().signal,
    ownProcess: undefined,
    tell() {},
  });
  for (let added = 0; added < 30; added++) ends.signal.addEventListener('abort', () => {});
  // Node emits a warning in a later turn.
  await new Promise(setImmediate);
  expect(warnings).toEqual([]);
});
