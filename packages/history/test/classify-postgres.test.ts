import { once } from 'node:events';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { classifyCommit, classifyPostgres, postgresTransaction, type PostgresContext } from '@chaos/history';
import type { PostgresServer } from '@chaos/services/postgres';
import { postgresServer } from './servers.js';

const idle = new AbortController().signal;
let server: PostgresServer;
let admin: pg.Client;
const clients: pg.Client[] = [];

async function connect(options: pg.ClientConfig = {}): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: server.url, ...options }).on('error', () => {});
  clients.push(client);
  await client.connect();
  return client;
}

/** The rejection of a promise, and how that is classified. */
async function outcome(given: Promise<unknown>, context: PostgresContext): Promise<{ error: string; outcome: string }> {
  try {
    await given;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return { error: code ?? message, outcome: classifyPostgres(error, context) };
  }
  throw new Error('It was expected to fail');
}

/** Waits until another session waits in this way. */
async function until(condition: string): Promise<void> {
  for (;;) {
    const { rows } = await admin.query(`SELECT 1 FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND ${condition}`);
    if (rows.length > 0) return;
  }
}

/** Settings that need a start of the server. */
async function configure(settings: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(settings)) await admin.query(`ALTER SYSTEM SET ${name} = '${value}'`);
  await (await server.restart('fast').inject(idle)).heal();
  admin = await connect();
  await admin.query("SET synchronous_commit = 'off'");
}

const before = { commitSent: false };
const after = { commitSent: true };

beforeAll(async () => {
  server = await postgresServer();
}, 60_000);

beforeEach(async () => {
  admin = await connect();
  await admin.query(`DROP TABLE IF EXISTS t, child; CREATE TABLE t (k int PRIMARY KEY, v int); INSERT INTO t VALUES (1, 0), (2, 0);
    CREATE TABLE child (k int REFERENCES t DEFERRABLE INITIALLY DEFERRED)`);
});

afterEach(async () => {
  await Promise.allSettled(clients.splice(0).map((client) => client.end()));
});

afterAll(() => server[Symbol.asyncDispose]());

describe('an error of the server before COMMIT: fail', () => {
  it('40001, an update that came too late at REPEATABLE READ', async () => {
    const [first, second] = [await connect(), await connect()];
    await first.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM t');
    await second.query('UPDATE t SET v = 1 WHERE k = 1');
    expect(await outcome(first.query('UPDATE t SET v = 2 WHERE k = 1'), before)).toEqual({
      error: '40001',
      outcome: 'fail',
    });
  });

  it('40P01, a deadlock', async () => {
    const [first, second] = [await connect(), await connect()];
    await first.query("BEGIN; SET deadlock_timeout = '10ms'; UPDATE t SET v = 1 WHERE k = 1");
    await second.query("BEGIN; SET deadlock_timeout = '1h'; UPDATE t SET v = 2 WHERE k = 2");
    const waiting = second.query('UPDATE t SET v = 2 WHERE k = 1');
    await until("wait_event_type = 'Lock'");
    expect(await outcome(first.query('UPDATE t SET v = 1 WHERE k = 2'), before)).toEqual({
      error: '40P01',
      outcome: 'fail',
    });
    await first.query('ROLLBACK');
    await waiting;
  });

  it.each([
    ['23505', 'INSERT INTO t VALUES (1, 1)'],
    ['57014', 'SET statement_timeout = 5; SELECT pg_sleep(10)'],
    ['42P01', 'SELECT * FROM nosuch'],
  ])('%s', async (code, sql) => {
    expect(await outcome((await connect()).query(sql), before)).toEqual({ error: code, outcome: 'fail' });
  });

  it('55P03, a lock that is taken', async () => {
    await admin.query('BEGIN; LOCK TABLE t');
    expect(await outcome((await connect()).query('BEGIN; LOCK TABLE t NOWAIT'), before)).toEqual({
      error: '55P03',
      outcome: 'fail',
    });
  });

  it('57P01 or a lost connection: the server rolls back what is open', async () => {
    const client = await connect({ application_name: 'victim' });
    await client.query('BEGIN; UPDATE t SET v = 7 WHERE k = 1');
    await admin.query("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'victim'");
    expect(await outcome(client.query('UPDATE t SET v = 8 WHERE k = 1'), before)).toMatchObject({ outcome: 'fail' });
    expect((await admin.query('SELECT v FROM t WHERE k = 1')).rows).toEqual([{ v: 0 }]);
  });
});

describe('an ERROR as the answer of COMMIT: fail', () => {
  it('40001, a write skew at SERIALIZABLE', async () => {
    const [first, second] = [await connect(), await connect()];
    for (const client of [first, second])
      await client.query('BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT sum(v) FROM t');
    await first.query('UPDATE t SET v = 1 WHERE k = 1');
    await second.query('UPDATE t SET v = 1 WHERE k = 2');
    await first.query('COMMIT');
    expect(await outcome(second.query('COMMIT'), after)).toEqual({ error: '40001', outcome: 'fail' });
    expect((await admin.query('SELECT v FROM t WHERE k = 2')).rows).toEqual([{ v: 0 }]);
  });

  it('23503, a deferred constraint', async () => {
    const client = await connect();
    await client.query('BEGIN; INSERT INTO child VALUES (99)');
    expect(await outcome(client.query('COMMIT'), after)).toEqual({ error: '23503', outcome: 'fail' });
    expect((await admin.query('SELECT * FROM child')).rows).toEqual([]);
  });

  it('trap: COMMIT of an aborted transaction succeeds, and answers ROLLBACK', async () => {
    const client = await connect();
    await client.query('BEGIN; UPDATE t SET v = 5 WHERE k = 1');
    await client.query('SELECT 1 / 0').catch(() => {});
    expect(classifyCommit(await client.query('COMMIT'))).toBe('fail');
    expect((await admin.query('SELECT v FROM t WHERE k = 1')).rows).toEqual([{ v: 0 }]);
    await client.query('BEGIN');
    expect(classifyCommit(await client.query('COMMIT'))).toBe('ok');
  });
});

describe('COMMIT under way, and no answer that settles it: info', () => {
  // A deferred trigger makes COMMIT do what a test needs.
  const atCommit = (
    body: string,
  ) => `CREATE OR REPLACE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body}; RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER at_commit AFTER UPDATE ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION at_commit()`;

  it.each(['08006', '08007', '40003', 'XX000'])('the server says so itself: %s', async (code) => {
    await admin.query(atCommit(`RAISE EXCEPTION 'lost' USING ERRCODE = '${code}'`));
    const client = await connect();
    await client.query('BEGIN; UPDATE t SET v = 1 WHERE k = 1');
    expect(await outcome(client.query('COMMIT'), after)).toEqual({ error: code, outcome: 'info' });
  });

  it('trap: 57P01 while a standby is awaited comes after the commit', async () => {
    await configure({ wal_level: 'replica', max_wal_senders: '4', synchronous_standby_names: 'nosuch' });
    const client = await connect({ application_name: 'victim' });
    await client.query("SET synchronous_commit = 'on'");
    await client.query('BEGIN; UPDATE t SET v = 5 WHERE k = 1');
    const commit = outcome(client.query('COMMIT'), after);
    await until("wait_event = 'SyncRep'");
    await admin.query("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'victim'");
    expect(await commit).toMatchObject({ outcome: 'info' });
    expect((await admin.query('SELECT v FROM t WHERE k = 1')).rows).toEqual([{ v: 5 }]);
    await configure({ wal_level: 'minimal', max_wal_senders: '0', synchronous_standby_names: '' });
  });

  it('57P01 that came before the commit looks the same', async () => {
    await admin.query(atCommit('PERFORM pg_sleep(60)'));
    const client = await connect({ application_name: 'victim' });
    await client.query('BEGIN; UPDATE t SET v = 5 WHERE k = 1');
    const commit = outcome(client.query('COMMIT'), after);
    await until("wait_event = 'PgSleep'");
    await admin.query("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'victim'");
    expect(await commit).toMatchObject({ outcome: 'info' });
    expect((await admin.query('SELECT v FROM t WHERE k = 1')).rows).toEqual([{ v: 0 }]);
  });

  it('a time-out of the client', async () => {
    await admin.query(atCommit('PERFORM pg_sleep(60)'));
    const client = await connect({ query_timeout: 300, application_name: 'victim' });
    await client.query('BEGIN; UPDATE t SET v = 1 WHERE k = 1');
    expect(await outcome(client.query('COMMIT'), after)).toEqual({ error: 'Query read timeout', outcome: 'info' });
    await admin.query("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'victim'");
  });

  it('a server that dies', async () => {
    await admin.query(atCommit('PERFORM pg_sleep(60)'));
    const client = await connect();
    await client.query('BEGIN; UPDATE t SET v = 1 WHERE k = 1');
    const commit = outcome(client.query('COMMIT'), after);
    await until("wait_event = 'PgSleep'");
    const fault = await server.kill().inject(idle);
    expect(await commit).toMatchObject({ outcome: 'info' });
    expect(await outcome(client.query('COMMIT'), after)).toEqual({
      error: 'Client has encountered a connection error and is not queryable',
      outcome: 'fail',
    });
    const down = new pg.Pool({ connectionString: server.url });
    expect(await outcome(down.query('UPDATE t SET v = 1'), after)).toEqual({ error: 'ECONNREFUSED', outcome: 'fail' });
    await down.end();
    await fault.heal();
  });
});

describe('a statement outside a transaction that was never sent: fail', () => {
  it('no such database, too many connections, a full pool', async () => {
    const lost = new pg.Pool({ connectionString: server.url.replace(/\/[^/]*$/, '/nosuch') });
    expect(await outcome(lost.query('UPDATE t SET v = 1'), after)).toEqual({ error: '3D000', outcome: 'fail' });
    await admin.query(
      `DROP ROLE IF EXISTS limited; CREATE ROLE limited LOGIN CONNECTION LIMIT 0 PASSWORD 'of-limited'`,
    );
    const limited = new pg.Pool({ connectionString: server.url.replace(/\/\/[^@]*@/, '//limited:of-limited@') });
    expect(await outcome(limited.query('UPDATE t SET v = 1'), after)).toEqual({ error: '53300', outcome: 'fail' });
    const full = new pg.Pool({ connectionString: server.url, max: 1, connectionTimeoutMillis: 2000 });
    const held = await full.connect();
    expect(await outcome(full.query('UPDATE t SET v = 1'), after)).toEqual({
      error: 'timeout exceeded when trying to connect',
      outcome: 'fail',
    });
    held.release();
    await Promise.all([lost.end(), limited.end(), full.end()]);
  });
});

describe('postgresTransaction()', () => {
  let pool: pg.Pool;
  beforeEach(() => {
    pool = new pg.Pool({ connectionString: server.url, max: 1, application_name: 'victim' }).on('error', () => {});
  });
  afterEach(() => pool.end());

  it('commits, and gives the connection back', async () => {
    for (let round = 0; round < 3; round++)
      expect(
        await postgresTransaction(
          pool,
          async (query) => (await query('UPDATE t SET v = v + 1 WHERE k = 1 RETURNING v')).rows,
          { isolation: 'serializable' },
        ),
      ).toEqual([{ v: round + 1 }]);
  });

  it('says rejected, and the connection is clean again', async () => {
    await expect(postgresTransaction(pool, (query) => query('INSERT INTO t VALUES (1, 1)'))).rejects.toMatchObject({
      code: 'OPERATION',
      outcome: 'rejected',
      message: expect.stringContaining('23505'),
    });
    const swallowed = postgresTransaction(pool, async (query) => {
      await query('UPDATE t SET v = 9');
      await query('SELECT 1 / 0').catch(() => {});
    });
    await expect(swallowed).rejects.toMatchObject({
      outcome: 'rejected',
      message: expect.stringContaining('ROLLBACK'),
    });
    expect(await postgresTransaction(pool, async (query) => (await query('SELECT v FROM t WHERE k = 1')).rows)).toEqual(
      [{ v: 0 }],
    );
  });

  it('says unavailable where COMMIT was not sent, unknown where it was', async () => {
    const kill = () =>
      admin.query("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'victim'");
    const lost = postgresTransaction(pool, async (query) => {
      await query('UPDATE t SET v = 1');
      await kill();
      await once(pool, 'error', { signal: AbortSignal.timeout(10) }).catch(() => {});
      await query('SELECT 1');
    });
    await expect(lost).rejects.toMatchObject({ outcome: expect.stringMatching(/unavailable|rejected/) });
    let killed: Promise<unknown> | undefined;
    const silent = postgresTransaction(pool, async (query) => {
      await query('UPDATE t SET v = 1');
      void query('SELECT pg_sleep(60)').catch(() => {});
      killed = until("wait_event = 'PgSleep'").then(kill);
    });
    await expect(silent).rejects.toMatchObject({ outcome: 'unknown' });
    await killed;
    expect(await postgresTransaction(pool, async () => 'usable')).toBe('usable');
  });

  it('passes on what the body itself throws, in an error that says that nothing happened', async () => {
    await expect(postgresTransaction(pool, async () => Promise.reject(new Error('mine')))).rejects.toMatchObject({
      outcome: 'unavailable',
      cause: new Error('mine'),
    });
  });
});

it('57P03, a server that shuts down: fail, also for a statement outside a transaction', async () => {
  const [held] = [await connect()];
  process.kill(server.pid!, 'SIGTERM');
  const pool = new pg.Pool({ connectionString: server.url });
  let seen;
  do
    seen = await outcome(
      pool
        .query('UPDATE t SET v = 1 WHERE false')
        .then(() => Promise.reject(Object.assign(new Error('not yet'), { code: 'not yet' }))),
      after,
    );
  while (seen.error === 'not yet');
  expect(seen).toEqual({ error: '57P03', outcome: 'fail' });
  await pool.end();
  await held.end();
});
