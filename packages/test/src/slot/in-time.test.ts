import { expect, test } from 'vitest';
import { inTime } from './in-time.js';

const { signal } = new AbortController();
const never = (): Promise<never> => new Promise(() => {});

test('what ends in time is handed on', async () => {
  expect(await inTime('it', 60_000, signal, async () => 1)).toBe(1);
  await expect(inTime('it', 60_000, signal, async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await inTime('it', undefined, signal, async (given) => given === signal)).toBe(true);
});

test('what does not end is left, and told so by its signal', async () => {
  let given: AbortSignal | undefined;
  const waiting = inTime('reset() of the service queue', 20, signal, (its) => {
    given = its;
    return never();
  });
  await expect(waiting).rejects.toMatchObject({
    code: 'ENVIRONMENT',
    message: 'Cannot wait for reset() of the service queue any longer: it has not ended within 20 ms',
  });
  expect(given?.aborted).toBe(true);
});

test('the caller’s signal ends it, too', async () => {
  const caller = new AbortController();
  const waiting = inTime('it', 60_000, caller.signal, never);
  caller.abort(new Error('the run is over'));
  await expect(waiting).rejects.toThrow('the run is over');
  await expect(inTime('it', 60_000, caller.signal, never)).rejects.toThrow('the run is over');
});
