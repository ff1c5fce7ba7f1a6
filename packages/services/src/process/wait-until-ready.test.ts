import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { ServiceProcess } from './spawn-service.js';
import { waitUntilReady } from './wait-until-ready.js';

const running = {
  exited: new Promise(() => {}),
  alive: () => true,
  logTail: () => 'its log',
} as unknown as ServiceProcess;

const settings = { what: 'a server', process: running, signal: new AbortController().signal };

test('tells the last answer of the server, not that its own wait was cut short', async () => {
  let asked = 0;
  const probe = async (signal: AbortSignal): Promise<void> => {
    asked += 1;
    if (asked <= 2) throw new Error(`refused, time ${asked}`);
    // As a connection that is dropped when time is up.
    await delay(60_000, undefined, { signal });
  };
  await expect(waitUntilReady({ ...settings, probe, timeoutMs: 50 })).rejects.toMatchObject({
    name: 'EnvironmentError',
    message: 'Cannot start a server: it is not ready after 50 ms (refused, time 2)\nits log',
    cause: { message: 'refused, time 2' },
  });
});

test('says that there was no answer where there was none', async () => {
  const probe = (signal: AbortSignal): Promise<void> => delay(60_000, undefined, { signal });
  await expect(waitUntilReady({ ...settings, probe, timeoutMs: 20 })).rejects.toThrow(
    'Cannot start a server: it is not ready after 20 ms (no answer within this time)\nits log',
  );
});

test('does not wait for what only its owner can mend', async () => {
  const down = Object.assign(new Error('connect ENETUNREACH 127.0.0.1:1'), {
    code: 'ENETUNREACH',
    address: '127.0.0.1',
  });
  const probe = (): Promise<void> => Promise.reject(down);
  await expect(waitUntilReady({ ...settings, probe, timeoutMs: 60_000 })).rejects.toMatchObject({
    message: expect.stringMatching(
      /^Cannot start a server: it is not ready after \d+ ms \(connect ENETUNREACH/,
    ) as unknown,
    hint: expect.stringContaining('ip link set lo up') as unknown,
  });
});
