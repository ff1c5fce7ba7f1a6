import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  MODELS,
  check,
  createRecorder,
  postgresBank,
  postgresListAppend,
  postgresLongFork,
  postgresQueue,
  postgresRegisters,
  postgresSet,
  redisBank,
  redisListAppend,
  redisLongFork,
  redisQueue,
  redisRegisters,
  redisSet,
  runWorkload,
  type Workload,
} from '@chaos/history';
import { locateRedis, type RedisServer } from '@chaos/services/redis';
import type { PostgresServer } from '@chaos/services/postgres';
import { freePort, postgresServer, redisServer } from './servers.js';

const idle = new AbortController().signal;
const seed = 'workloads';
const isMissing = await locateRedis({ signal: idle }).then(
  () => false,
  () => true,
);

async function judge(workload: Workload) {
  const history = await runWorkload(workload, { recorder: createRecorder(), concurrency: 8, operations: 400 });
  return { history, verdict: check(history, workload.check) };
}

describe('on PostgreSQL', () => {
  let server: PostgresServer;
  let pool: pg.Pool;
  beforeAll(async () => {
    server = await postgresServer();
    // Deadlocks are part of the load; a second each would be most of the time.
    pool = new pg.Pool({ connectionString: server.url, max: 8, options: '-c deadlock_timeout=10ms' }).on(
      'error',
      () => {},
    );
  }, 60_000);
  afterAll(async () => {
    await pool.end();
    await server[Symbol.asyncDispose]();
  });

  it.each<[string, () => Workload]>([
    ['list-append', () => postgresListAppend(pool, { seed, isolation: 'serializable' })],
    ['list-append at REPEATABLE READ', () => postgresListAppend(pool, { seed, isolation: 'repeatable read' })],
    ['list-append at READ COMMITTED', () => postgresListAppend(pool, { seed, isolation: 'read committed' })],
    ['registers', () => postgresRegisters(pool, { seed, isolation: 'serializable', keyDistribution: 'zipf' })],
    ['bank', () => postgresBank(pool, { seed, isolation: 'repeatable read' })],
    ['bank with locks', () => postgresBank(pool, { seed, lockRows: true, accounts: 3 })],
    ['set', () => postgresSet(pool, { seed })],
    ['set that is read meanwhile', () => postgresSet(pool, { seed, readRatio: 0.2 })],
    ['queue', () => postgresQueue(pool, { seed })],
    ['long fork', () => postgresLongFork(pool, { seed })],
  ])('%s holds what it promises', async (_, create) => {
    const { verdict } = await judge(create());
    expect(verdict).toMatchObject({ valid: true });
    expect(verdict.coverage.ok).toBeGreaterThan(50);
  });

  it('goes on while sessions are ended, and some operations are nobody knows', async () => {
    const workload = postgresListAppend(pool, { seed, isolation: 'serializable' });
    const recorder = createRecorder();
    const stop = new AbortController();
    const running = runWorkload(workload, { recorder, concurrency: 8, signal: stop.signal });
    const done = (): number => recorder.history().operations.filter(({ type }) => type === 'ok').length;
    // Not while the tables are made: whoever is ended then has no workload.
    running.catch(() => {});
    await expect.poll(done, { timeout: 10_000 }).toBeGreaterThan(0);
    for (let round = 0; round < 20 && recorder.history().operations.length < 600; round++) {
      const heal = recorder.fault('backends terminated');
      await (await server.terminateBackends({ state: 'active' }).inject(idle)).heal();
      heal();
      await expect.poll(done, { timeout: 10_000 }).toBeGreaterThan(round * 20);
    }
    stop.abort();
    const history = await running;
    expect(history.faults.length).toBeGreaterThan(0);
    expect(check(history, { model: 'serializable' })).toMatchObject({ valid: true });
  });

  it('asks the same questions for the same seed', async () => {
    const asked = async () =>
      (
        await runWorkload(postgresListAppend(pool, { seed }), {
          recorder: createRecorder(),
          concurrency: 1,
          operations: 50,
        })
      ).operations.map(({ value }) => (value as unknown[][]).map(([kind, key]) => [kind, key]));
    expect(await asked()).toEqual(await asked());
  });
});

describe.skipIf(isMissing)('on Redis', () => {
  let server: RedisServer;
  let client: Redis;
  beforeAll(async () => {
    server = await redisServer();
    client = new Redis(server.url, { autoResendUnfulfilledCommands: false }).on('error', () => {});
  }, 60_000);
  afterAll(async () => {
    client.disconnect();
    await server[Symbol.asyncDispose]();
  });

  it.each<[string, () => Workload]>([
    ['list-append', () => redisListAppend(client, { seed })],
    ['registers', () => redisRegisters(client, { seed, keyDistribution: 'uniform' })],
    ['bank', () => redisBank(client, { seed })],
    ['set', () => redisSet(client, { seed })],
    ['set that is read meanwhile', () => redisSet(client, { seed, readRatio: 0.2 })],
    ['queue', () => redisQueue(client, { seed })],
    ['long fork', () => redisLongFork(client, { seed, groupSize: 3 })],
  ])('%s holds what it promises', async (_, create) => {
    const { verdict } = await judge(create());
    expect(verdict).toMatchObject({ valid: true });
    expect(verdict.coverage.ok).toBeGreaterThan(50);
  });
});

it('needs an end, and clients', async () => {
  const workload: Workload = {
    name: 'nothing',
    check: { model: MODELS[0]!.name },
    setup: async () => {},
    step: async () => {},
  };
  await expect(runWorkload(workload, { recorder: createRecorder() })).rejects.toThrow('it would never end');
  await expect(runWorkload(workload, { recorder: createRecorder(), operations: 1, concurrency: 0 })).rejects.toThrow(
    'current concurrency is 0',
  );
});

it('goes on when a connection is refused, and stops at a mistake in the workload', async () => {
  const step = (send: () => Promise<unknown>): Workload => ({
    name: 'own',
    check: { model: 'register' },
    setup: async () => {},
    step: (process) => process.run('read', null, send),
  });
  const port = await freePort();
  // fetch() throws a TypeError.
  const refused = await runWorkload(
    step(() => fetch(`http://127.0.0.1:${port}/`)),
    { recorder: createRecorder(), operations: 3, concurrency: 1 },
  );
  expect(refused.operations.map(({ type }) => type)).toEqual(['fail', 'fail', 'fail']);
  const mistake = step(async () => (undefined as unknown as { body: string }).body);
  await expect(runWorkload(mistake, { recorder: createRecorder(), operations: 3 })).rejects.toThrow(TypeError);
});
