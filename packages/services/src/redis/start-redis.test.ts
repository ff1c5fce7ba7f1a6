import { once } from 'node:events';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { noJournal } from '@chaos/spec';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readProcessStat } from '@chaos/env/process';
import { askAsAnotherUser, canBeAnotherUser, commandLines } from '../process/other-user.test.helper.js';
import { createMemoryJournal } from '../testing/memory-journal.js';
import { freePort } from '../testing/free-port.js';
import { temporaryDirectory } from '../testing/temporary-directory.js';
import { locateRedis } from './locate-redis.js';
import type { RedisServer } from './redis-server.js';
import { startRedis } from './start-redis.js';
import { useRedis } from './use-redis.js';

const idle = new AbortController().signal;
const isMissing = await locateRedis({ signal: idle }).then(
  () => false,
  () => true,
);
const folder = temporaryDirectory();
const journal = createMemoryJournal();
const options = async () => ({
  port: await freePort(),
  directory: folder.path,
  journal,
  log: () => {},
  startTimeoutMs: 10_000,
  signal: idle,
});

describe.skipIf(isMissing)('a Redis of our own', () => {
  let server: RedisServer;
  let client: Redis;

  function connect(url = server.url): Redis {
    return new Redis(url, { retryStrategy: null, maxRetriesPerRequest: 0 }).on('error', () => {});
  }

  beforeAll(async () => {
    server = await startRedis(await options());
  }, 60_000);

  beforeEach(() => {
    client = connect();
  });

  afterEach(() => client.disconnect());

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it('lets nobody in without its password, and tells it on no command line and in no file that others can read', async () => {
    const { username, password, search, port } = new URL(server.url);
    expect(password).toMatch(/^[A-Za-z0-9]{32}$/);
    expect([username, search]).toEqual(['', '']);
    for (const wrong of ['', 'redis', `${password}x`]) {
      const url = new URL(server.url);
      url.password = wrong;
      const stranger = connect(url.href);
      await expect(stranger.ping(), wrong).rejects.toThrow(/NOAUTH|WRONGPASS|invalid password/);
      stranger.disconnect();
    }
    if (canBeAnotherUser) expect(askAsAnotherUser(Number(port), Buffer.from('PING\r\n'))).toMatch(/^-NOAUTH/);
    expect(commandLines()).not.toContain(password);
    const work = join(folder.path, `redis-${port}`);
    expect([work, join(work, 'redis.conf')].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o600]);
  });

  it('comes back empty on the same port after SIGKILL', async () => {
    await client.set('a', '1');
    const fault = await server.kill().inject(idle);
    expect(server.pid).toBeUndefined();
    await expect(server.ready(idle)).rejects.toMatchObject({ code: 'SERVICE_DOWN' });
    await fault.heal();
    await fault.heal();
    client = connect();
    expect(await client.dbsize()).toBe(0);
  });

  it('hangs while stopped and goes on when healed', async () => {
    await client.ping();
    const fault = await server.stop().inject(idle);
    expect(readProcessStat(server.pid!)?.state).toBe('T');
    const answer = client.ping();
    await expect(server.ready(AbortSignal.timeout(50))).rejects.toThrow();
    await fault.heal();
    expect(await answer).toBe('PONG');
  });

  it('is down between inject and heal of a restart', async () => {
    const fault = await server.restart().inject(idle);
    await expect(connect().ping()).rejects.toThrow();
    await fault.heal();
    await server.ready(idle);
  });

  it('is reset to its snapshot: keys of all types and databases, times to live, settings', async () => {
    await client.flushall();
    await client.hset('hash', Object.fromEntries(Array.from({ length: 600 }, (_, n) => [`field ${n}`, `v${n}`])));
    await client.sadd('set', ...Array.from({ length: 600 }, (_, n) => `member ${n}`));
    await client.zadd('zset', 1, 'a', 2.5, 'b');
    await client.rpush('list', 'x', 'y');
    await client.xadd('stream', '*', 'k', 'v');
    await client.set(Buffer.from([0xff, 0]), Buffer.from([0xfe, 1]));
    await client.set('short', 'lived', 'EX', 100);
    await client.select(3);
    await client.set('elsewhere', '1');
    await client.select(0);
    await server.snapshot(idle);
    const policy = await client.config('GET', 'maxmemory-policy');

    await client.config('SET', 'maxmemory-policy', 'allkeys-random');
    await client.del('hash', 'list');
    await client.sadd('set', 'more');
    await client.persist('short');
    await client.set('new', '1');
    await client.select(7);
    await client.set('new', '1');
    await client.select(0);
    await server.reset(idle);

    expect(await client.hlen('hash')).toBe(600);
    expect(await client.scard('set')).toBe(600);
    expect(await client.zrange('zset', 0, -1, 'WITHSCORES')).toEqual(['a', '1', 'b', '2.5']);
    expect(await client.lrange('list', 0, -1)).toEqual(['x', 'y']);
    expect(await client.xlen('stream')).toBe(1);
    expect(await client.getBuffer(Buffer.from([0xff, 0]))).toEqual(Buffer.from([0xfe, 1]));
    expect(await client.ttl('short')).toBeGreaterThan(0);
    expect(await client.exists('new')).toBe(0);
    expect(await client.config('GET', 'maxmemory-policy')).toEqual(policy);
    expect(await client.info('keyspace')).toMatch(/db0:keys=7,[^]*db3:keys=1,/);
    expect(await client.info('keyspace')).not.toContain('db7');
  });

  it('is reset after a kill as well, and refuses without a snapshot', async () => {
    const one = await startRedis(await options());
    await expect(one.reset(idle)).rejects.toMatchObject({ code: 'RESET_FAILED' });
    const direct = connect(one.url);
    await direct.set('a', '1');
    direct.disconnect();
    await one.snapshot(idle);
    await (await one.kill().inject(idle)).heal();
    await one.reset(idle);
    const after = connect(one.url);
    expect(await after.get('a')).toBe('1');
    after.disconnect();
    await one[Symbol.asyncDispose]();
  });

  it('leaves nothing, even when stopped', async () => {
    const own = createMemoryJournal();
    const settings = { ...(await options()), journal: own };
    const one = await startRedis(settings);
    const { pid } = one;
    expect(own.open().map(({ kind }) => kind)).toEqual(['signal', 'call', 'remove']);
    await one.stop().inject(idle);
    await one[Symbol.asyncDispose]();
    await one[Symbol.asyncDispose]();
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect(existsSync(join(folder.path, `redis-${settings.port}`))).toBe(false);
    expect(own.open()).toEqual([]);
  });

  it('says when its port is taken, its folder cannot be written, or time is up', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    await expect(startRedis({ ...(await options()), port })).rejects.toThrow(
      `Cannot start Redis: port ${port} of 127.0.0.1 is not free`,
    );
    taken.close();
    await expect(startRedis({ ...(await options()), directory: join(folder.path, 'none') })).rejects.toThrow(
      /Cannot create the working folder of Redis: current value is .*ENOENT/,
    );
    await expect(startRedis({ ...(await options()), startTimeoutMs: 1 })).rejects.toThrow(
      'Cannot start Redis: it is not ready after 1 ms',
    );
  });

  describe('used as an external one', () => {
    const use = (slotIndex: number) =>
      useRedis({ url: server.url, journal: noJournal, runId: 'run', slotIndex, signal: idle });

    it('gives each user an empty database and leaves the others alone', async () => {
      await client.flushall();
      await client.set('theirs', '1');
      await client.select(1);
      await client.set('theirs', '1');
      const [a, b] = await Promise.all([use(0), use(1)]);
      expect(new Set([a.url, b.url])).toEqual(new Set([`${server.url}/2`, `${server.url}/3`]));
      const inA = connect(a.url);
      await inA.set('kept', '1');
      await a.snapshot(idle);
      await inA.del('kept');
      await inA.set('new', '1');
      await a.reset(idle);
      expect((await inA.keys('*')).sort()).toEqual(['chaos:owner', 'kept']);
      inA.disconnect();
      await a[Symbol.asyncDispose]();
      await b[Symbol.asyncDispose]();
      expect((await client.info('keyspace')).match(/^db\d+/gm)).toEqual(['db0', 'db1']);
    });

    it('refuses faults that need the process, and servers that are full or away', async () => {
      const one = await use(0);
      expect(() => one.kill()).toThrow(expect.objectContaining({ code: 'FAULT_REFUSED' }));
      await one[Symbol.asyncDispose]();
      for (let index = 1; index <= 15; index += 1) {
        await client.select(index);
        await client.set('theirs', '1');
      }
      await expect(use(0)).rejects.toThrow('none of its databases 1 to 15 is empty');
      await expect(
        useRedis({
          url: `redis://127.0.0.1:${await freePort()}`,
          journal: noJournal,
          runId: 'run',
          slotIndex: 0,
          signal: idle,
        }),
      ).rejects.toThrow(/Cannot use Redis at .*ECONNREFUSED/);
    });
  });
});

describe('locateRedis()', () => {
  it('says why there is none and how to get one', async () => {
    const cacheDirectory = join(folder.path, 'cache');
    mkdirSync(cacheDirectory, { recursive: true });
    const path = process.env['PATH'];
    process.env['PATH'] = '/nowhere';
    try {
      const missing = {
        code: 'CAPABILITY_MISSING',
        message: expect.stringContaining('there is no apt-get here') as unknown,
        hint: expect.stringContaining('services.redis.url') as unknown,
      };
      await expect(locateRedis({ signal: idle, cacheDirectory })).rejects.toMatchObject(missing);
      await expect(locateRedis({ signal: idle, cacheDirectory })).rejects.toThrow('tried less than a minute ago');
    } finally {
      process.env['PATH'] = path;
      folder[Symbol.dispose]();
    }
  });
});
