import { CapabilityMissing } from '@chaos/spec';
import { locateFaketime } from '@chaos/programs';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../testing/free-port.js';
import { createMemoryJournal } from '../../testing/memory-journal.js';
import { temporaryDirectory, type TemporaryDirectory } from '../../testing/temporary-directory.js';
import type { RedisServer } from '../redis-server.js';
import { startRedis } from '../start-redis.js';
import { withRedis } from '../with-redis.js';

const HOUR_MS = 3_600_000;
const idle = new AbortController().signal;
// Looked for here, for whether tests run is known before any of them does.
const library = await locateFaketime({ signal: idle }).catch((error: unknown) => {
  if (!(error instanceof CapabilityMissing)) throw error;
  return undefined;
});
let server: RedisServer;
let folder: TemporaryDirectory;

const ask = <Answer>(work: (redis: Redis) => Promise<Answer>): Promise<Answer> => withRedis(server.url, idle, work);
/** Hours by which the clock of the server is ahead of ours. */
const aheadHours = (): Promise<number> =>
  ask(async (redis) => Math.round((Number((await redis.time())[0]) * 1000 - Date.now()) / HOUR_MS) + 0);

beforeAll(async () => {
  folder = temporaryDirectory();
  server = await startRedis({
    port: await freePort(),
    directory: folder.path,
    journal: createMemoryJournal(),
    log: () => {},
    startTimeoutMs: 30_000,
    signal: idle,
  });
}, 60_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

describe('the clock of Redis', () => {
  it('is not moved in a server that was not started for it', async () => {
    await expect(server.clockOffset(HOUR_MS).inject(idle)).rejects.toMatchObject({ code: 'FAULT_REFUSED' });
  });

  it.skipIf(library === undefined)('jumps while the server runs, and back; a reset starts it without', async () => {
    await server.snapshot(idle);
    await server.movableClock(library!, idle);
    const { pid } = server;
    await ask((redis) => redis.set('short', 'lived', 'PX', 60_000));
    const fault = await server.clockOffset(HOUR_MS).inject(idle);
    expect(await aheadHours()).toBe(1);
    expect(await ask((redis) => redis.get('short'))).toBeNull();
    await fault.heal();
    expect(await aheadHours()).toBe(0);
    expect(server.pid).toBe(pid);

    await server.reset(idle);
    await expect(server.clockOffset(HOUR_MS).inject(idle)).rejects.toMatchObject({ code: 'FAULT_REFUSED' });
    expect(server.pid).not.toBe(pid);
  });
});
