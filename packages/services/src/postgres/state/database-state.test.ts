import { noJournal } from '@chaos/spec';
import { Client, Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../testing/free-port.js';
import { temporaryDirectory } from '../../testing/temporary-directory.js';
import type { PostgresServer } from '../postgres-server.js';
import { startPostgres } from '../start-postgres.js';
import { usePostgres } from '../use-postgres.js';

const idle = new AbortController().signal;
const folder = temporaryDirectory();
let server: PostgresServer;
let pool: Pool;

beforeAll(async () => {
  server = await startPostgres({
    port: await freePort(),
    directory: folder.path,
    journal: noJournal,
    log: () => {},
    startTimeoutMs: 10_000,
    signal: idle,
  });
}, 60_000);

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

beforeEach(async () => {
  pool = new Pool({ connectionString: server.url, max: 3 });
  pool.on('error', () => {});
  await pool.query('DROP SCHEMA IF EXISTS "Odd name", chaos_snapshot, public CASCADE; CREATE SCHEMA public');
});

afterEach(() => pool.end());

const SCHEMA = `
  CREATE SCHEMA "Odd name";
  CREATE TABLE account (id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, t text, balance numeric NOT NULL, doubled numeric GENERATED ALWAYS AS (balance * 2) STORED);
  CREATE TABLE entry (id serial PRIMARY KEY, account int NOT NULL REFERENCES account, data jsonb, parent int REFERENCES entry);
  CREATE TABLE "Odd name"."Quoted ""table""" ("a b" text, entry int REFERENCES entry);
  CREATE TABLE part (id int, v text) PARTITION BY LIST (id);
  CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1);
  CREATE TABLE part_2 PARTITION OF part FOR VALUES IN (2);
  CREATE UNLOGGED TABLE fleeting (id int);
  CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO audit VALUES (NEW.id); RETURN NEW; END';
  CREATE TABLE audit (id int);
  CREATE TRIGGER note AFTER INSERT ON account FOR EACH ROW EXECUTE FUNCTION note();
  CREATE SEQUENCE ticket;
  INSERT INTO account (t, balance) SELECT 'a' || n, n FROM generate_series(1, 200) n;
  INSERT INTO entry (account, data) SELECT n, '{"n": 1}' FROM generate_series(1, 200) n;
  INSERT INTO entry (account, parent) VALUES (1, 5);
  INSERT INTO "Odd name"."Quoted ""table""" VALUES ('x', 201), (NULL, 1);
  INSERT INTO part VALUES (1, 'one'), (2, 'two');
  INSERT INTO fleeting VALUES (7);
  SELECT nextval('ticket');`;

const TABLES = ['account', 'entry', '"Odd name"."Quoted ""table"""', 'part', 'fleeting', 'audit'];

async function everything(): Promise<unknown> {
  const rows = await Promise.all(
    TABLES.map(async (table) => (await pool.query(`SELECT x::text FROM ${table} x ORDER BY 1`)).rows as unknown),
  );
  const sequences = (
    await pool.query(
      'SELECT last_value, is_called FROM ticket UNION ALL SELECT last_value, is_called FROM entry_id_seq',
    )
  ).rows as unknown;
  return { rows, sequences };
}

describe('reset()', () => {
  it('goes back to all rows and sequences, whatever was done to them', async () => {
    await pool.query(SCHEMA);
    await server.snapshot(idle);
    const before = await everything();
    await pool.query(`
      UPDATE account SET balance = balance + 1, t = NULL WHERE id < 50;
      DELETE FROM "Odd name"."Quoted ""table""";
      INSERT INTO account (balance) VALUES (1), (2);
      DELETE FROM part; DELETE FROM fleeting;
      INSERT INTO entry (account) VALUES (1);
      SELECT nextval('ticket'), setval('entry_id_seq', 5000);`);
    expect(await everything()).not.toEqual(before);
    await server.reset(idle);
    expect(await everything()).toEqual(before);
    await pool.query('INSERT INTO entry (account) VALUES (1)');
    await server.reset(idle);
    expect(await everything()).toEqual(before);
  });

  it('does the same for a user who is no superuser', async () => {
    await pool.query(`DROP ROLE IF EXISTS plain; CREATE ROLE plain LOGIN CREATEDB PASSWORD 'of-plain'`);
    const admin = new URL(server.adminUrl);
    admin.username = 'plain';
    admin.password = 'of-plain';
    const own = await usePostgres({ url: admin.href, journal: noJournal, runId: 'plain', slotIndex: 0, signal: idle });
    const client = new Client({ connectionString: own.url });
    await client.connect();
    await client.query(
      `CREATE TABLE b (id int PRIMARY KEY); CREATE TABLE a (id int REFERENCES b); INSERT INTO b VALUES (1), (2); INSERT INTO a VALUES (2)`,
    );
    await own.snapshot(idle);
    await client.query(`DELETE FROM a; DELETE FROM b`);
    await own.reset(idle);
    expect((await client.query('SELECT id FROM a JOIN b USING (id)')).rows).toEqual([{ id: 2 }]);
    await client.end();
    await own[Symbol.asyncDispose]();
    await pool.query('DROP ROLE plain');
  });

  it('drops tables, views, sequences and schemas that are new', async () => {
    await pool.query('CREATE TABLE old (a int)');
    await server.snapshot(idle);
    await pool.query(
      'CREATE TABLE fresh (a serial PRIMARY KEY); CREATE VIEW look AS TABLE fresh; CREATE SCHEMA later; CREATE TABLE later.t (a int REFERENCES fresh); CREATE SEQUENCE counter',
    );
    await server.reset(idle);
    const { rows } = await pool.query(`SELECT name FROM chaos_snapshot.relations`);
    expect(rows).toEqual([{ name: 'public.old' }]);
  });

  it('ends transactions of others, and leaves idle connections alone', async () => {
    await pool.query('CREATE TABLE t AS SELECT 1 AS a');
    await server.snapshot(idle);
    const [held, other] = [await pool.connect(), await pool.connect()];
    held.on('error', () => {});
    const pid = async (client: typeof held): Promise<unknown> =>
      (await client.query('SELECT pg_backend_pid()')).rows[0];
    const kept = await pid(other);
    await held.query('BEGIN; UPDATE t SET a = 2');
    await server.reset(idle);
    await expect(held.query('COMMIT')).rejects.toThrow();
    expect((await other.query('TABLE t')).rows).toEqual([{ a: 1 }]);
    expect(await pid(other)).toEqual(kept);
    held.release(true);
    other.release();
  });

  it('waits for a statement that ends by itself', async () => {
    await pool.query('CREATE TABLE t (a int)');
    await server.snapshot(idle);
    const client = await pool.connect();
    const slow = client.query('SELECT pg_sleep(0.05)');
    await server.reset(idle);
    await slow;
    client.release();
  });

  it('survives a crash of the server in between', async () => {
    await pool.query('CREATE TABLE crash AS SELECT 1 AS a; CREATE UNLOGGED TABLE gone AS SELECT 2 AS b');
    await server.snapshot(idle);
    const fault = await server.kill().inject(idle);
    await fault.heal();
    await server.reset(idle);
    expect((await pool.query('SELECT * FROM crash, gone')).rows).toEqual([{ a: 1, b: 2 }]);
  });

  it('throws RESET_FAILED when a table was dropped or altered, or there is no snapshot', async () => {
    await expect(server.reset(idle)).rejects.toMatchObject({
      code: 'RESET_FAILED',
      message: 'Cannot reset PostgreSQL: no snapshot was taken',
    });
    await pool.query('CREATE TABLE t (a int)');
    await server.snapshot(idle);
    await pool.query('ALTER TABLE t ADD b int');
    await expect(server.reset(idle)).rejects.toMatchObject({
      code: 'RESET_FAILED',
      message: expect.stringContaining('the structure of public.t') as unknown,
    });
    await pool.query('DROP TABLE t');
    await expect(server.reset(idle)).rejects.toMatchObject({ code: 'RESET_FAILED' });
  });
});

describe('reset() and what is no row', () => {
  const BEFORE = `
    CREATE TYPE mood AS ENUM ('good');
    CREATE DOMAIN small AS int CHECK (VALUE < 10);
    CREATE TABLE known (id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, v text DEFAULT 'a', m mood);
    CREATE TABLE parts (id int) PARTITION BY LIST (id);
    CREATE INDEX known_v ON known (v);
    CREATE VIEW seen AS SELECT id FROM known;
    CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER noted BEFORE INSERT ON known FOR EACH ROW EXECUTE FUNCTION noted();
    INSERT INTO known (v) VALUES ('x');`;

  it.each([
    ['CREATE TABLE fresh (id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY)'],
    ['CREATE SCHEMA s; CREATE TABLE s.b (id int GENERATED BY DEFAULT AS IDENTITY); INSERT INTO s.b DEFAULT VALUES'],
    ['CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1); INSERT INTO parts VALUES (1)'],
    [`INSERT INTO known (v) VALUES ('y'); SELECT nextval('known_id_seq')`],
    ['CREATE MATERIALIZED VIEW m AS SELECT 1'],
  ])('restores what can be: %s', async (change) => {
    await pool.query(BEFORE);
    await server.snapshot(idle);
    await pool.query(change);
    await server.reset(idle);
    expect((await pool.query('SELECT chaos_snapshot.drift() AS drift')).rows).toEqual([{ drift: null }]);
    expect((await pool.query('SELECT id, v FROM known')).rows).toEqual([{ id: 1, v: 'x' }]);
  });

  it.each([
    [`ALTER TYPE mood ADD VALUE 'bad'`, 'type mood', `DROP TYPE mood CASCADE`],
    [`CREATE TYPE later AS (a int)`, 'type later is new', ''],
    ['ALTER DOMAIN small ADD CHECK (VALUE > 0)', 'constraint small_check1 on small is new', ''],
    [`CREATE OR REPLACE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 2'`, 'function one()', ''],
    [`CREATE FUNCTION two() RETURNS int LANGUAGE sql AS 'SELECT 2'`, 'function two() is new', ''],
    ['DROP TRIGGER noted ON known', 'trigger noted on public.known is gone', ''],
    ['ALTER TABLE known DISABLE TRIGGER noted', 'trigger noted on public.known', ''],
    ['CREATE OR REPLACE VIEW seen AS SELECT id + 1 AS id FROM known', 'view public.seen', ''],
    ['DROP INDEX known_v', 'index known_v on public.known is gone', ''],
    ['ALTER TABLE known ALTER v DROP DEFAULT', 'columns of public.known', ''],
    ['ALTER TABLE known ADD CHECK (id > 0)', 'constraint known_id_check on public.known is new', ''],
    ['ALTER TABLE known ENABLE ROW LEVEL SECURITY', 'relation public.known', ''],
    ['CREATE POLICY p ON known USING (true)', 'policy p on public.known is new', ''],
    ['CREATE RULE r AS ON DELETE TO known DO INSTEAD NOTHING', 'rule r on public.known is new', ''],
    ['ALTER SEQUENCE known_id_seq INCREMENT 2', 'sequence public.known_id_seq', ''],
    ['CREATE ROLE visitor', 'role visitor is new', 'DROP ROLE visitor'],
    [`ALTER ROLE postgres SET work_mem = '1MB'`, 'settings of a role postgres', 'ALTER ROLE postgres RESET ALL'],
    [`ALTER SYSTEM SET work_mem = '1MB'`, 'setting of the server work_mem is new', 'ALTER SYSTEM RESET ALL'],
    [
      `ALTER DATABASE app SET work_mem = '1MB'`,
      'settings of the database all roles is new',
      'ALTER DATABASE app RESET ALL',
    ],
    [`SELECT lo_from_bytea(70000, 'x')`, 'large object 70000 is new', 'SELECT lo_unlink(70000)'],
    [
      'CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION nothing()',
      'event trigger e is new',
      'DROP EVENT TRIGGER e',
    ],
    [`CREATE COLLATION c FROM "C"`, 'collation c is new', ''],
    ['GRANT SELECT ON known TO PUBLIC', 'relation public.known', ''],
    ['CREATE PUBLICATION p FOR TABLE known', 'publication p is new', 'DROP PUBLICATION p'],
    ['CREATE DATABASE another', 'database another is new', 'DROP DATABASE another'],
  ])('tells what cannot be: %s', async (change, told, undo) => {
    await pool.query(BEFORE);
    await pool.query(`CREATE FUNCTION nothing() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'`);
    await server.snapshot(idle);
    await server.reset(idle);
    await pool.query(change);
    await expect(server.reset(idle)).rejects.toMatchObject({
      code: 'RESET_FAILED',
      message: expect.stringContaining(told) as unknown,
    });
    await pool.query(undo);
  });
});

describe('usePostgres()', () => {
  it('has a database of its own, refuses faults of the process, and drops it, whoever is connected', async () => {
    const other = await usePostgres({
      url: server.adminUrl,
      journal: noJournal,
      runId: 'Run-1',
      slotIndex: 3,
      signal: idle,
    });
    expect(new URL(other.url).pathname).toBe('/chaos_run_1_3');
    const client = new Client({ connectionString: other.url });
    client.on('error', () => {});
    await client.connect();
    for (const act of [() => other.kill(), () => other.stop(), () => other.restart('fast')]) {
      expect(act).toThrow(expect.objectContaining({ code: 'FAULT_REFUSED' }));
    }
    await other[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
    expect((await pool.query(`SELECT 1 FROM pg_database WHERE datname = 'chaos_run_1_3'`)).rowCount).toBe(0);
  });

  it('says what is wrong with an unreachable server', async () => {
    const url = `postgres://nobody@127.0.0.1:${await freePort()}/x`;
    await expect(
      usePostgres({ url, journal: noJournal, runId: 'r', slotIndex: 0, signal: idle }),
    ).rejects.toMatchObject({ code: 'ENVIRONMENT', message: expect.stringContaining('ECONNREFUSED') as unknown });
  });
});
