import { expect, test } from 'vitest';
import { activeFault } from './active-fault.js';

test('undoes once, whoever heals and however often', async () => {
  let undone = 0;
  const fault = activeFault(async () => void undone++);
  await Promise.all([fault.heal(), fault.heal(), fault[Symbol.asyncDispose]()]);
  await fault.heal();
  expect(undone).toBe(1);
});

test('a failed heal is tried again by the next call', async () => {
  let tries = 0;
  const fault = activeFault(async () => {
    if (++tries === 1) throw new Error('not yet');
  });
  await expect(fault.heal()).rejects.toThrow('not yet');
  await fault.heal();
  await fault.heal();
  expect(tries).toBe(2);
});
