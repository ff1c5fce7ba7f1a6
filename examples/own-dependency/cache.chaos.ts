import { expect, withDriver, withService } from '@chaos/test';
import type driver from './driver.js';
import type { Note } from './driver.js';
import memcached from './services/memcached.js';

const test = withService(withDriver<typeof driver>(), memcached);
const read = (id: string) => (note: Note) => note.body === `body of note ${id}`;

test(
  'notes are read while the cache is out of reach',
  {
    purpose: 'A cache may make a program faster, never unavailable.',
    tag: '@outage',
    catches: ['cache-is-required'],
  },
  async ({ target, link, inject, load, config }) => {
    const reads = { run: () => target.read('0'), right: read('0') };
    await load.warmUp(reads);

    const outage = await inject(link('target', 'memcached').cut());
    const during = await load.closed({ ...reads, concurrency: 5, operations: config.concurrentRequests });
    expect(during.counts).toMatchObject({ ok: config.concurrentRequests });
    expect((await target.read('0')).from).toBe('store');

    await outage.heal();
    await expect.poll(async () => (await target.read('0')).from).toBe('cache');
  },
);

test(
  'a cache that hangs costs its time-out, and no request',
  {
    purpose: 'Who waits for a cache without end has no cache but a dependency.',
    tag: '@outage',
    catches: ['no-cache-timeout', 'cache-is-required'],
  },
  async ({ target, memcached, inject }) => {
    const stall = await inject(memcached.stall());
    expect(await target.read('1')).toMatchObject({ body: 'body of note 1', from: 'store' });
    await stall.heal();
    await expect.poll(async () => (await target.read('1')).from).toBe('cache');
  },
);

test(
  'a cold cache fills again, over a slow link, too',
  { purpose: 'What is evicted comes back by itself.', tag: '@cold', requires: ['memcached'] },
  async ({ target, memcached, link, inject }) => {
    expect(await memcached.keys()).toEqual(['note:0']);
    await inject(link('target', 'memcached').latency({ latencyMs: 20 }));
    await inject(memcached.evictAll());
    expect(await memcached.get('note:0')).toBeNull();

    expect(await target.read('0')).toMatchObject({ body: 'body of note 0', from: 'store' });
    expect(await target.read('0')).toMatchObject({ body: 'body of note 0', from: 'cache' });
    expect(await memcached.get('note:0')).toBe('body of note 0');
  },
);
