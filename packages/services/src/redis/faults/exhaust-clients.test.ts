import { noJournal } from '@chaos/spec';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { freePort } from '../../testing/free-port.js';
import { temporaryDirectory } from '../../testing/temporary-directory.js';
import { locateRedis } from '../locate-redis.js';
import { startRedis } from '../start-redis.js';

const signal = AbortSignal.timeout(60_000);
const isMissing = await locateRedis({ signal }).then(
  () => false,
  () => true,
);
const folder = temporaryDirectory();

it.skipIf(isMissing)('lets in no further client, keeps those that are there, and lets in again', async () => {
  const port = await freePort();
  const options = { port, directory: folder.path, journal: noJournal, log: () => {}, startTimeoutMs: 10_000, signal };
  await using server = await startRedis(options);
  const connect = (): Redis =>
    new Redis(server.url, { lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 }).on('error', () => {});
  const old = connect();
  await old.connect();
  const active = await server.exhaustClients().inject(signal);
  expect(await old.ping()).toBe('PONG');
  const refused = connect();
  await expect(refused.connect()).rejects.toThrow();
  await active.heal();
  expect(active.met!()!['refused']).toBeGreaterThan(0);
  const next = connect();
  await next.connect();
  expect(await next.ping()).toBe('PONG');
  for (const each of [old, refused, next]) each.disconnect();
});
