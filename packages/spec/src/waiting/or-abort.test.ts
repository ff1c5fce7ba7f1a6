import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { orAbort } from './or-abort.js';

const never = (): Promise<never> => new Promise(() => {});

test('ends as its action does, and leaves no listener', async () => {
  const { signal } = new AbortController();
  expect(await orAbort(signal, () => 1)).toBe(1);
  await expect(orAbort(signal, async () => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
  const thrown = orAbort(signal, () => {
    throw new Error('at once');
  });
  await expect(thrown).rejects.toThrow('at once');
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('an abort ends the wait, also one from before', async () => {
  const caller = new AbortController();
  const waiting = orAbort(caller.signal, never);
  caller.abort(new Error('over'));
  await expect(waiting).rejects.toThrow('over');
  let isCalled = false;
  await expect(orAbort(caller.signal, () => void (isCalled = true))).rejects.toThrow('over');
  expect(isCalled).toBe(false);
});
