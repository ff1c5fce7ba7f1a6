import { isChaosError, type TargetConfig } from '@chaos/spec';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { JWKS, ask, closeSlots, openSlot, type Slot } from './open-slot.test.helpers.js';

afterEach(closeSlots);

// A machine may have no Redis and no way to get one.
async function openOrSkip(target: Partial<TargetConfig>, skip: (reason: string) => never): Promise<Slot> {
  return openSlot(target).catch((error: unknown) =>
    isChaosError(error, 'CAPABILITY_MISSING') ? skip(error.message) : Promise.reject(error as Error),
  );
}

describe('jwksSlot()', () => {
  test('issues, rotates and withdraws by name', async () => {
    const slot = await openSlot(JWKS);
    expect(await slot.call('jwks', 'issue')).toMatch(/^ey.+\..+\..+/);
    expect(await slot.call('jwks', 'issue', { sub: 'x' }, { expiresInMs: -1 })).toMatch(/^ey/);
    expect(await slot.call('jwks', 'rotate')).toEqual({ kid: expect.any(String) });
    expect(await slot.call('jwks', 'keys')).toHaveLength(2);
    expect(await slot.call('jwks', 'withdraw', null)).toHaveLength(1);
    await slot.call('jwks', 'inject', { name: 'down' });
    expect(await ask(`${slot.address('target')['url']}/keys`)).not.toBe('1');
    await slot.reset();
    expect(await slot.call('jwks', 'keys')).toHaveLength(1);
    await expect(slot.call('jwks', 'inject', { name: 'latency' })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('latencyMs'),
    });
  });

  test('an external one has an address, a link, and refuses faults', async () => {
    const own = await openSlot(JWKS);
    const external = await openSlot({ ...JWKS }, undefined, { jwks: { url: own.address('jwks')['url'] ?? '' } });
    expect(await ask(`${external.address('target')['url']}/keys`)).toBe('1');
    await external.call('links', 'inject', { name: 'cut', from: 'target', to: 'jwks' });
    expect(await ask(`${external.address('target')['url']}/keys`)).not.toBe('1');
    expect(await ask(`${own.address('target')['url']}/keys`)).toBe('1');
    await external.reset();
    await expect(external.call('jwks', 'inject', { name: 'down' })).rejects.toMatchObject({ code: 'FAULT_REFUSED' });
  });
});

test('postgres is reached through its link, broken, and reset to the snapshot', async () => {
  const slot = await openSlot({ services: ['postgres'], env: { PG: '{postgres.url}' } });
  const { PG = '' } = JSON.parse(await ask(slot.address('target')['url'])) as Record<string, string>;
  expect(new URL(PG).port).not.toBe(new URL(slot.address('postgres')['url'] ?? '').port);
  const query = async (sql: string): Promise<unknown[]> => {
    const client = new pg.Client({ connectionString: PG });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  await query('create table t as select 1 as n');
  await slot.snapshot();

  await query('update t set n = 2');
  await slot.call('links', 'inject', { name: 'cut', from: 'target', to: 'postgres' });
  await expect(query('select 1')).rejects.toThrow();
  await slot.reset();
  expect(await query('select n from t')).toEqual([{ n: 1 }]);

  const restart = await slot.call('postgres', 'inject', { name: 'restart', mode: 'immediate' });
  await expect(query('select 1')).rejects.toThrow();
  await slot.call('postgres', 'heal', restart);
  expect(await query('select n from t')).toEqual([{ n: 1 }]);
  await slot.call('postgres', 'inject', { name: 'kill' });
  await slot.reset();
  expect(await query('select n from t')).toEqual([{ n: 1 }]);

  const sleeping = query("set application_name = 'sleeper'; select pg_sleep(600)").catch(
    (error: { code: string }) => error.code,
  );
  await expect.poll(() => query("select 1 from pg_stat_activity where application_name = 'sleeper'")).toHaveLength(1);
  await slot.call('postgres', 'inject', { name: 'terminateBackends', applicationName: 'nobody' });
  expect(await query("select 1 from pg_stat_activity where application_name = 'sleeper'")).toHaveLength(1);
  await slot.call('postgres', 'inject', { name: 'terminateBackends', applicationName: 'sleeper' });
  expect(await sleeping).toBe('57P01');
}, 120_000);

test('redis is reached through its link, broken, and reset to the snapshot', async ({ skip }) => {
  const slot = await openOrSkip({ services: ['redis'], env: { RD: '{redis.url}' } }, skip);
  const { RD = '' } = JSON.parse(await ask(slot.address('target')['url'])) as Record<string, string>;
  const redis = async (command: string, ...args: string[]): Promise<unknown> => {
    const client = new Redis(RD, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await client.call(command, ...args);
    } finally {
      client.disconnect();
    }
  };
  await redis('SET', 'k', 'v');
  await slot.snapshot();

  await redis('SET', 'k', 'changed');
  await slot.call('links', 'inject', { name: 'cut', from: 'target', to: 'redis' });
  await expect(redis('PING')).rejects.toThrow();
  await slot.reset();
  expect(await redis('GET', 'k')).toBe('v');

  await slot.call('redis', 'inject', { name: 'kill' });
  await expect(redis('PING')).rejects.toThrow();
  await slot.reset();
  expect(await redis('GET', 'k')).toBe('v');
}, 120_000);

test.for(['postgres', 'redis'] as const)(
  'an external %s is used through a link of its own, and refuses what needs its process',
  { timeout: 120_000 },
  async (service, { skip }) => {
    const own = await openOrSkip({ services: [service] }, skip);
    const external = await openSlot({ services: [service], env: { URL: `{${service}.url}` } }, undefined, {
      [service]: { url: own.address(service)['url'] ?? '' },
    });
    const through = JSON.parse(await ask(external.address('target')['url'])) as Record<string, string>;
    expect(external.address(service)).toMatchObject({ external: true });
    expect(through['URL']).not.toContain(new URL(own.address(service)['url'] ?? '').host);
    await external.snapshot();
    await external.reset();
    await expect(external.call(service, 'inject', { name: 'kill' })).rejects.toMatchObject({ code: 'FAULT_REFUSED' });
  },
);
