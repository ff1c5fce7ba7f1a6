import { expect } from 'vitest';
import type { Relay } from './relay.js';
import type { Running, World } from './world.js';

/** Shows the harm of a defect from outside: true if the harm occurs. */
export interface Probe {
  readonly needsRedis?: boolean;
  /** Needs a service that has not verified a token yet. */
  readonly isCold?: boolean;
  /** Needs a relay between the service and PostgreSQL. */
  readonly needsRelay?: boolean;
  isHarmed(service: Running, world: World, relay: Relay): Promise<boolean>;
}

const times = <T>(count: number, run: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => run(index)));
const isTrue = (check: () => Promise<boolean>): Promise<void> =>
  expect.poll(check, { timeout: 5000, interval: 10 }).toBe(true);
const isWaiting = (world: World, count: number) => (): Promise<boolean> =>
  world.sql.query('SELECT FROM pg_locks WHERE NOT granted').then(({ rowCount }) => (rowCount ?? 0) >= count);

/** Probes of defects that can be shown without a fault; the suites show the others. */
export const probes: Readonly<Record<string, Probe>> = {
  'accept-expired': {
    async isHarmed(service, { jwks }) {
      return (
        (await service.call('GET', '/whoami', { token: await jwks.issue({}, { expiresInMs: -60_000 }) })).status === 200
      );
    },
  },
  'asynchronous-commit': {
    async isHarmed(service, { sql }) {
      let unwritten = 0;
      for (let round = 0; round < 20; round += 1) {
        await service.call('POST', '/counters/c/increment', { body: {} });
        const { rows } = await sql.query<{ isBehind: boolean }>(
          'SELECT pg_current_wal_insert_lsn() > pg_current_wal_flush_lsn() AS "isBehind"',
        );
        if (rows[0]?.isBehind === true) unwritten += 1;
      }
      // Now and then the server writes something by itself.
      return unwritten > 10;
    },
  },
  'fail-open-without-keys': {
    isCold: true,
    async isHarmed(service, { jwks }) {
      const token = await jwks.issue();
      await using _down = await jwks.down().inject(AbortSignal.timeout(5000));
      return (await service.call('GET', '/whoami', { token })).status === 200;
    },
  },
  'never-refresh-keys': {
    async isHarmed(service, { jwks }) {
      await service.call('GET', '/whoami');
      await jwks.rotate();
      return (await service.call('GET', '/whoami')).status === 401;
    },
  },
  'cache-error-reply-is-fatal': {
    needsRedis: true,
    async isHarmed(service, { redis }) {
      await isTrue(async () => (await service.metrics()).cache.connected);
      const { Redis } = await import('ioredis');
      const server = new Redis(redis!.url);
      await server.config('SET', 'maxmemory', '1');
      await server.quit();
      return (await service.call('GET', '/documents/d')).status !== 200;
    },
  },
  'cache-failure-is-fatal': {
    needsRedis: true,
    async isHarmed(service, { redis }) {
      await isTrue(async () => (await service.metrics()).cache.connected);
      await using _dead = await redis!.kill().inject(AbortSignal.timeout(5000));
      await isTrue(async () => !(await service.metrics()).cache.connected);
      return (await service.call('GET', '/documents/d')).status !== 200;
    },
  },
  'no-invalidation': {
    needsRedis: true,
    async isHarmed(service) {
      await isTrue(async () => (await service.metrics()).cache.connected);
      await service.call('GET', '/documents/d');
      await service.call('PUT', '/documents/d', { body: { body: 'new' } });
      return (await service.call('GET', '/documents/d')).body.body !== 'new';
    },
  },
  stampede: {
    needsRedis: true,
    async isHarmed(service, world) {
      await isTrue(async () => (await service.metrics()).cache.connected);
      const { loads } = (await service.metrics()).cache;
      await service.seed({ documents: { d: 'cold' } });
      await world.sql.query('BEGIN; LOCK TABLE documents IN ACCESS EXCLUSIVE MODE');
      const reads = times(10, () => service.call('GET', '/documents/d'));
      await isTrue(isWaiting(world, 1));
      await world.sql.query('COMMIT');
      await reads;
      return (await service.metrics()).cache.loads > loads + 1;
    },
  },
  'leak-connection-on-error': {
    async isHarmed(service) {
      await times(3, () => service.transfer('a', 'b', 1_000_000));
      const { pool } = await service.metrics();
      return pool.idle < pool.total;
    },
  },
  'no-retry-on-serialization-failure': {
    async isHarmed(service) {
      const answers = await times(10, () => service.call('POST', '/bookings', { body: { item: 's', quantity: 1 } }));
      return answers.some(({ status }) => status !== 200);
    },
  },
  'no-statement-timeout': {
    async isHarmed(service, { sql }) {
      await service.call('GET', '/reports/slow?ms=3000');
      const lingering = await sql.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '/* slow report */%'",
      );
      return lingering.rowCount !== 0;
    },
  },
  'read-then-write-balance': {
    async isHarmed(service, world) {
      await world.sql.query("BEGIN; SELECT FROM counters WHERE name = 'c' FOR UPDATE");
      const increments = times(4, () => service.call('POST', '/counters/c/increment', { body: {} }));
      await isTrue(isWaiting(world, 4));
      await world.sql.query('COMMIT');
      await increments;
      return (await service.call('GET', '/counters/c')).body.value !== 4;
    },
  },
  'transfer-without-transaction': {
    async isHarmed(service, world) {
      await world.sql.query("BEGIN; SELECT FROM accounts WHERE id = 'b' FOR UPDATE");
      const transfer = service.transfer('a', 'b', 1);
      await isTrue(isWaiting(world, 1));
      const { total } = (await service.call('GET', '/total')).body;
      await world.sql.query('COMMIT');
      await transfer;
      return total !== 2000;
    },
  },
  'no-reconnect': {
    async isHarmed(service, { postgres, sql }) {
      const report = service.call('GET', '/reports/slow?ms=600');
      const busy = "SELECT FROM pg_stat_activity WHERE state = 'active' AND query LIKE '/* slow report */%'";
      await isTrue(async () => (await sql.query(busy)).rowCount === 1);
      await postgres.terminateBackends({ applicationName: 'sample-service' }).inject(AbortSignal.timeout(5000));
      await report;
      return (await service.call('GET', '/total')).status !== 200;
    },
  },
  'unknown-commit-reported-as-failure': {
    needsRelay: true,
    async isHarmed(service, world, relay) {
      // Makes COMMIT wait on the server, so that the connection can be cut during it.
      await world.sql
        .query(`CREATE FUNCTION wait_at_commit() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END';
        CREATE CONSTRAINT TRIGGER wait_at_commit AFTER UPDATE ON accounts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_at_commit();
        SELECT pg_advisory_lock(1)`);
      const transfer = service.transfer('a', 'b', 1);
      await isTrue(isWaiting(world, 1));
      relay.cut();
      await world.sql.query('SELECT pg_advisory_unlock(1); DROP FUNCTION wait_at_commit CASCADE');
      const { status, code } = await transfer;
      await isTrue(async () => (await service.call('GET', '/accounts/a')).body.balance === 999);
      return status !== 200 && code !== 'UNKNOWN_OUTCOME';
    },
  },
  'idempotency-key-ignored': {
    async isHarmed(service) {
      await service.transfer('a', 'b', 1, 'same');
      await service.transfer('a', 'b', 1, 'same');
      return (await service.call('GET', '/accounts/a')).body.balance !== 999;
    },
  },
  'leak-descriptors': {
    async isHarmed(service) {
      const failing = (): Promise<unknown> => service.call('GET', '/documents/none/export');
      await times(10, failing);
      const before = (await service.metrics()).process.descriptors;
      await times(10, failing);
      return (await service.metrics()).process.descriptors - before >= 10;
    },
  },
};
