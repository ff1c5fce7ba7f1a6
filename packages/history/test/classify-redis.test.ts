import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Redis, type RedisOptions } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { classifyExec, classifyRedis, type RedisContext } from '@chaos/history';
import { locateRedis, type RedisServer } from '@chaos/services/redis';
import { freePort, redisServer } from './servers.js';

const idle = new AbortController().signal;
const isMissing = await locateRedis({ signal: idle }).then(
  () => false,
  () => true,
);

/** The rejection of a promise, and how that is classified. */
async function outcome(
  given: Promise<unknown>,
  context: RedisContext = {},
): Promise<{ error: string; outcome: string }> {
  try {
    await given;
  } catch (error) {
    return { error: (error as Error).message, outcome: classifyRedis(error, context) };
  }
  throw new Error('It was expected to fail');
}

describe.skipIf(isMissing)('errors of ioredis', () => {
  let server: RedisServer;
  let admin: Redis;
  const clients: Redis[] = [];

  function connect(options: RedisOptions = {}, url = server.url): Redis {
    const client = new Redis(url, { retryStrategy: null, maxRetriesPerRequest: 0, ...options }).on('error', () => {});
    clients.push(client);
    return client;
  }

  beforeAll(async () => {
    server = await redisServer();
  }, 60_000);
  beforeEach(async () => {
    admin = connect();
    await admin.flushall();
    await admin.set('text', 'a');
  });
  afterEach(() => clients.splice(0).forEach((client) => client.disconnect()));
  afterAll(() => server[Symbol.asyncDispose]());

  describe('refused by the server: fail', () => {
    it.each<[string, (client: Redis) => Promise<unknown>]>([
      ['WRONGTYPE', (client) => client.rpush('text', 'b')],
      ['ERR value is not an integer', (client) => client.incr('text')],
      ['ERR unknown command', (client) => client.call('NOSUCH')],
      ['ERR wrong number of arguments', (client) => client.call('SET', 'a')],
      ['NOSCRIPT', (client) => client.evalsha('0'.repeat(40), 0)],
      ['compiling script', (client) => client.eval('return (', 0)],
    ])('%s', async (error, send) => {
      expect(await outcome(send(connect()))).toEqual({ error: expect.stringContaining(error), outcome: 'fail' });
      expect(await admin.get('text')).toBe('a');
    });

    it.each([
      ['OOM', 'maxmemory', '1', '0'],
      ['NOREPLICAS', 'min-replicas-to-write', '1', '0'],
    ])('%s', async (error, setting, value, back) => {
      await admin.config('SET', setting, value);
      try {
        expect(await outcome(connect().set('text', 'b'))).toEqual({
          error: expect.stringContaining(error),
          outcome: 'fail',
        });
        expect(await outcome(connect().eval("return redis.call('set', KEYS[1], 'b')", 1, 'text'))).toMatchObject({
          outcome: 'fail',
        });
      } finally {
        await admin.config('SET', setting, back);
      }
      expect(await admin.get('text')).toBe('a');
    });

    it('READONLY, a replica', async () => {
      await admin.replicaof('127.0.0.1', await freePort());
      try {
        expect(await outcome(connect().set('text', 'b'))).toEqual({
          error: expect.stringContaining('READONLY'),
          outcome: 'fail',
        });
      } finally {
        await admin.replicaof('NO', 'ONE');
      }
    });

    it('CLUSTERDOWN, a node of a cluster without slots', async () => {
      const { executable, libraryFolders } = await locateRedis({ signal: idle });
      const [port, folder] = [await freePort(), mkdtempSync('/tmp/history-')];
      const child = spawn(
        executable,
        ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--cluster-enabled', 'yes', '--dir', folder],
        {
          stdio: 'ignore',
          env: { ...process.env, ...(libraryFolders.length > 0 && { LD_LIBRARY_PATH: libraryFolders.join(':') }) },
        },
      );
      onTestFinished(async () => {
        child.kill('SIGKILL');
        await once(child, 'exit');
        rmSync(folder, { recursive: true });
      });
      const node = connect({ retryStrategy: () => 20, maxRetriesPerRequest: null }, `redis://127.0.0.1:${port}`);
      expect(await outcome(node.set('a', '1'))).toEqual({
        error: expect.stringContaining('CLUSTERDOWN'),
        outcome: 'fail',
      });
    });

    it('EXECABORT: the transaction is discarded', async () => {
      const client = connect();
      await client.multi({ pipeline: false });
      await client.set('text', 'b');
      await client.call('SET', 'a').catch(() => {});
      expect(await outcome(client.exec())).toEqual({ error: expect.stringContaining('EXECABORT'), outcome: 'fail' });
      expect(await admin.get('text')).toBe('a');
    });
  });

  describe('EXEC', () => {
    it('answers nothing where a watched key had changed: fail', async () => {
      const client = connect();
      await client.watch('text');
      await admin.set('text', 'c');
      expect(classifyExec(await client.multi().set('text', 'b').exec())).toBe('fail');
      expect(await admin.get('text')).toBe('c');
    });

    it('trap: an error in its reply rolls nothing back: partial', async () => {
      expect(classifyExec(await connect().multi().set('other', '1').incr('text').exec())).toBe('partial');
      expect(await admin.get('other')).toBe('1');
      expect(classifyExec(await connect().multi().set('other', '2').exec())).toBe('ok');
    });
  });

  it('trap: a script that ends with an error keeps what it had written: info', async () => {
    const half = connect().eval("redis.call('set', KEYS[1], 'half') return redis.call('incr', KEYS[1])", 1, 'text');
    expect(await outcome(half)).toEqual({
      error: expect.stringContaining('ERR value is not an integer'),
      outcome: 'info',
    });
    expect(await admin.get('text')).toBe('half');
  });

  describe('sent, and no answer: info', () => {
    it('a connection that closes', async () => {
      const client = connect();
      await client.ping();
      const pop = outcome(client.blpop('queue', 0));
      await once(client, 'close', { signal: AbortSignal.timeout(1) }).catch(() => {});
      await admin.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      expect(await pop).toMatchObject({ outcome: 'info' });
      expect(client.status).toBe('end');
      expect(await outcome(client.set('text', 'b'), { status: client.status })).toEqual({
        error: 'Connection is closed.',
        outcome: 'fail',
      });
    });

    it('a time-out', async () => {
      const client = connect({ commandTimeout: 100 });
      await client.ping();
      const fault = await server.stop().inject(idle);
      expect(await outcome(client.set('text', 'late'))).toEqual({ error: 'Command timed out', outcome: 'info' });
      await fault.heal();
      // It is the next to be answered on this connection: what was not answered in time happened after all.
      await client.get('text').catch(() => {});
      await expect.poll(() => admin.get('text')).toBe('late');
    });

    it('used-up retries', async () => {
      const client = connect({ retryStrategy: () => 1, maxRetriesPerRequest: 1 });
      await client.ping();
      const fault = await server.kill().inject(idle);
      expect(await outcome(client.set('text', 'b'))).toEqual({
        error: expect.stringMatching(/max retries per request/),
        outcome: 'info',
      });
      await fault.heal();
    });
  });

  it('never sent, because the connection is down and nothing may wait for it: fail', async () => {
    const client = connect({ enableOfflineQueue: false, retryStrategy: () => 60_000 });
    await once(client, 'ready');
    const fault = await server.kill().inject(idle);
    if (client.status === 'ready') await once(client, 'close');
    expect(await outcome(client.set('text', 'b'))).toEqual({
      error: "Stream isn't writeable and enableOfflineQueue options is false",
      outcome: 'fail',
    });
    await fault.heal();
  });
});
