import { classifyCommit, classifyPostgres } from '../../classify/classify-postgres.js';
import type { PostgresClient, PostgresPool, SqlIsolation } from '../../classify/postgres-client.js';
import type { History } from '../../history.js';
import type { HistoryProcess, OpenOperation } from '../../record/history-process.js';
import type { Recorder } from '../../record/recorder.js';
import { tableName } from './postgres-workload-options.js';
import { createTable } from './with-isolation.js';

/**
 * One step of a session: `[1, 'append', key, element]`, `[1, 'read', ...keys]` (one statement), `[1, 'commit']` or `[1,
 * 'abort']`.
 */
export type InterleavedStep = readonly [
  session: number,
  what: 'append' | 'read' | 'commit' | 'abort',
  ...values: number[],
];

/** Options of {@link interleave}. */
export interface InterleaveOptions {
  /** Records the operations. */
  readonly recorder: Recorder;
  /** Of both transactions. */
  readonly isolation: SqlIsolation;
  /** Its table, which is dropped and made anew. Default: `chaos_interleave`. */
  readonly table?: string;
}

interface Session {
  readonly client: PostgresClient;
  readonly pid: number;
  readonly operation: OpenOperation;
  /** Its request, with what was answered. */
  readonly done: unknown[][];
  /** Its steps come one after the other; one that waits for a lock holds up those of its own session only. */
  running: Promise<void>;
  hasEnded: boolean;
}

/**
 * Runs the steps in this order on sessions of their own, each session one transaction, and records them: what
 * PostgreSQL's isolation tester and Hermitage (Kleppmann) do with scripts, for a checker. A step that waits for a lock
 * is left waiting. In the beginning the lists 1 and 2 have the elements 10 and 20, in the end all that was touched is
 * read. Takes a client of the pool for each session, and three more. Throws `TypeError` for a session that never ends.
 *
 * @example
 * const writeSkew = [[1, 'read', 1, 2], [2, 'read', 1, 2], [1, 'append', 1, 11], [2, 'append', 2, 21], [1, 'commit'],
 * [2, 'commit']] as const; check(await interleave(pool, writeSkew, { recorder, isolation: 'repeatable read' }), {
 * model: 'serializable' }).valid; // false
 */
export async function interleave(
  pool: PostgresPool,
  steps: readonly InterleavedStep[],
  { recorder, isolation, table: name = 'chaos_interleave' }: InterleaveOptions,
): Promise<History> {
  for (const [session] of steps) {
    if (!steps.some(([one, what]) => one === session && (what === 'commit' || what === 'abort')))
      throw new TypeError(
        `Cannot interleave transactions: session ${session} never ends, give it a 'commit' or an 'abort'`,
      );
  }
  const table = tableName(name);
  const sessions = new Map<number, Session>();
  const observer = await pool.connect();
  const keys = new Set([1, 2]);
  for (const [, what, ...values] of steps)
    for (const key of what === 'append' ? values.slice(0, 1) : values) keys.add(key);

  const open = async (): Promise<Session> => {
    const client = await pool.connect();
    // Its steps are told of a loss.
    client.on?.('error', ignore);
    const process: HistoryProcess = recorder.process();
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    const done: unknown[][] = [];
    // The steps of its transaction are filled in as they come: the recorder keeps this list.
    const session: Session = {
      client,
      pid: (rows[0] as { readonly pid: number }).pid,
      operation: process.invoke('txn', done),
      done,
      running: Promise.resolve(),
      hasEnded: false,
    };
    await client.query(`BEGIN ISOLATION LEVEL ${isolation}`);
    return session;
  };

  const perform = async (session: Session, [, what, ...values]: InterleavedStep): Promise<void> => {
    const { client, done, operation } = session;
    if (session.hasEnded) return;
    session.hasEnded = what === 'commit' || what === 'abort';
    try {
      if (what === 'append') {
        done.push(['append', ...values]);
        await client.query(
          `INSERT INTO ${table} AS old VALUES ($1, ARRAY[$2::int]) ON CONFLICT (k) DO UPDATE SET v = old.v || EXCLUDED.v`,
          values,
        );
      } else if (what === 'read') {
        const { rows } = await client.query(`SELECT k, v FROM ${table} WHERE k = ANY($1)`, [values]);
        const lists = new Map(
          (rows as readonly { readonly k: number; readonly v: number[] }[]).map(({ k, v }) => [k, v]),
        );
        done.push(...values.map((key) => ['r', key, lists.get(key) ?? []]));
      } else if (what === 'abort') {
        await client.query('ROLLBACK');
        operation.fail('rolled back on purpose');
      } else if (classifyCommit(await client.query('COMMIT')) === 'ok') operation.ok(done);
      else operation.fail('COMMIT was answered with ROLLBACK');
    } catch (error) {
      session.hasEnded = true;
      operation[classifyPostgres(error, { commitSent: what === 'commit' })](error);
      await client.query('ROLLBACK').catch(() => {});
    }
  };

  // Resolves when the session has done its steps, or waits for a lock.
  const settled = async (session: Session): Promise<void> => {
    let isOver = false;
    const done = session.running.finally(() => (isOver = true));
    while (!isOver) {
      const { rows } = await observer.query(
        `SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND wait_event_type = 'Lock'`,
        [session.pid],
      );
      if (rows.length > 0) return;
      await Promise.race([done, new Promise(setImmediate)]);
    }
  };

  const run = async (step: InterleavedStep): Promise<void> => {
    const session = sessions.get(step[0]) ?? (await open());
    sessions.set(step[0], session);
    session.running = session.running.then(() => perform(session, step));
    await settled(session);
  };

  try {
    await createTable(pool, [`DROP TABLE IF EXISTS ${table}`, `CREATE TABLE ${table} (k int PRIMARY KEY, v int[])`]);
    for (const step of [[-1, 'append', 1, 10], [-1, 'append', 2, 20], [-1, 'commit'], ...steps] as const)
      await run(step);
    await Promise.all([...sessions.values()].map(({ running }) => running));
    for (const step of [
      [-2, 'read', ...keys],
      [-2, 'commit'],
    ] as const)
      await run(step);
    return recorder.history();
  } finally {
    // Whoever has not ended is rolled back with its connection.
    for (const { client, hasEnded } of sessions.values()) {
      client.off?.('error', ignore);
      client.release(!hasEnded);
    }
    observer.release();
  }
}

function ignore(): void {}
