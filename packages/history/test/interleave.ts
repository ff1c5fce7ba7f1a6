import pg from 'pg';
import { classifyCommit, classifyPostgres, createRecorder, type History, type HistoryProcess, type OpenOperation } from '@chaos/history';

/** One step of a session: `[session, 'append', key, element]`, `[session, 'read', ...keys]` (one statement), `[session, 'commit']` or `[session, 'abort']`. */
export type Step = readonly [session: number, what: 'append' | 'read' | 'commit' | 'abort', ...values: number[]];

interface Session {
  readonly client: pg.Client;
  readonly pid: number;
  readonly process: HistoryProcess;
  operation: OpenOperation | undefined;
  /** What it asked for, with what was answered. */
  done: unknown[][];
  /** Its steps come one after the other; one that waits for a lock holds up those of its own session only. */
  running: Promise<void>;
  failed: boolean;
}

const TABLE = 'CREATE TABLE lists (k int PRIMARY KEY, v int[])';
const APPEND = 'INSERT INTO lists AS old VALUES ($1, ARRAY[$2::int]) ON CONFLICT (k) DO UPDATE SET v = old.v || EXCLUDED.v';

/**
 * Runs the steps in this order on sessions of a real PostgreSQL, each session one transaction, and records them: first the lists 1 and 2
 * are made, in the end all of them are read. A step that waits for a lock is left waiting, as PostgreSQL's own isolation tester does.
 */
export async function interleave(url: string, isolation: string, steps: readonly Step[]): Promise<History> {
  const recorder = createRecorder();
  const admin = new pg.Client(url);
  await admin.connect();
  await admin.query(`DROP TABLE IF EXISTS lists; ${TABLE}`);
  const sessions = new Map<number, Session>();

  const open = async (name: number): Promise<Session> => {
    const client = new pg.Client(url);
    await client.connect();
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    const session: Session = { client, pid: (rows[0] as { pid: number }).pid, process: recorder.process(), operation: undefined, done: [], running: Promise.resolve(), failed: false };
    sessions.set(name, session);
    // The values of its transaction are filled in as they come: the recorder keeps this list.
    session.operation = session.process.invoke('txn', session.done);
    await client.query(`BEGIN ISOLATION LEVEL ${isolation}`);
    return session;
  };

  const perform = async (session: Session, [, what, ...values]: Step): Promise<void> => {
    if (session.failed) return;
    try {
      if (what === 'append') {
        session.done.push(['append', ...values]);
        await session.client.query(APPEND, values);
      } else if (what === 'read') {
        const { rows } = await session.client.query('SELECT k, v FROM lists WHERE k = ANY($1)', [values]);
        const lists = new Map((rows as { k: number; v: number[] }[]).map(({ k, v }) => [k, v]));
        session.done.push(...values.map((key) => ['r', key, lists.get(key) ?? []]));
      } else if (what === 'abort') {
        await session.client.query('ROLLBACK');
        session.operation?.fail('rolled back on purpose');
      } else if (classifyCommit(await session.client.query('COMMIT')) === 'ok') session.operation?.ok(session.done);
      else session.operation?.fail('COMMIT was answered with ROLLBACK');
    } catch (error) {
      session.failed = true;
      session.operation?.[classifyPostgres(error, { commitSent: what === 'commit' })](error);
      await session.client.query('ROLLBACK');
    }
  };

  // Resolves when the session has done its steps, or waits for a lock.
  const settled = async (session: Session): Promise<void> => {
    let over = false;
    const done = session.running.finally(() => (over = true));
    while (!over) {
      const waiting = await admin.query('SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND wait_event_type = \'Lock\'', [session.pid]);
      if (waiting.rows.length > 0) return;
      await Promise.race([done, new Promise(setImmediate)]);
    }
  };

  try {
    const all: readonly Step[] = [[0, 'append', 1, 10], [0, 'append', 2, 20], [0, 'commit'], ...steps, [-1, 'read', 1, 2, 3, 4], [-1, 'commit']];
    for (const step of all) {
      const [name] = step;
      if (name === -1) await Promise.all([...sessions.values()].map(({ running }) => running));
      const session = sessions.get(name) ?? (await open(name));
      session.running = session.running.then(() => perform(session, step));
      await settled(session);
    }
    return recorder.history();
  } finally {
    await Promise.all([admin, ...[...sessions.values()].map(({ client }) => client)].map((client) => client.end()));
  }
}
