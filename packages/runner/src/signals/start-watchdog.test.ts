import { expect, test } from 'vitest';
import { startSource } from '../processes/source-process.test.helper.js';

// The main process at the end of a run: only the thread, whose end it waits for, keeps it alive.
const IDLE = `
  import { createWatchdog } from './signals/start-watchdog.js';
  const { signal } = new AbortController();
  const watchdog = createWatchdog({ signal, deadlineMs: undefined, tell() {}, onBlocked() {} });
  void watchdog.start();
  // The thread comes up meanwhile, but its message is read only when its end is under way.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000);
  await watchdog[Symbol.asyncDispose]();
  console.log('it has ended');
`;

test('a process that has nothing else to do lives until its watchdog has ended', { timeout: 60_000 }, async () => {
  const { line, exit } = await startSource(IDLE);
  expect(await line()).toBe('it has ended');
  expect(await exit).toEqual({ code: 0, signal: null });
});
