import { classifyCommit, classifyPostgres } from '../../classify/classify-postgres.js';
import type { PostgresClient, PostgresPool, SqlIsolation } from '../../classify/postgres-client.js';
import type { OpenOperation } from '../../record/history-process.js';
import type { Recorder } from '../../record/recorder.js';

/**
 * One step of a session: `[1, 'append', key, element]`, `[1, 'read', ...keys]` (one statement), `[1, 'commit']` or `[1,
 * 'abort']`.
 */
export type InterleavedStep = readonly [
  session: number,
  what: 'append' | 'read' | 'commit' | 'abort',
  ...values: number[],
];

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

/** What all sessions share. */
export interface InterleavedSessionsOptions {
  readonly pool: PostgresPool;
  readonly recorder: Recorder;
  readonly isolation: SqlIsolation;
  /** A table with the columns `k` and `v`, a number and a list of numbers. */
  readonly table: string;
}

/** Sessions by number, each with a client and a transaction of its own. Disposing gives their clients back. */
export class InterleavedSessions implements AsyncDisposable {
  readonly #options: InterleavedSessionsOptions;
  readonly #observer: PostgresClient;
  readonly #sessions = new Map<number, Session>();

  private constructor(options: InterleavedSessionsOptions, observer: PostgresClient) {
    this.#options = options;
    this.#observer = observer;
  }

  /** Takes the client that watches the others. */
  static async open(options: InterleavedSessionsOptions): Promise<InterleavedSessions> {
    return new InterleavedSessions(options, await options.pool.connect());
  }

  /** Resolves when the step is done, or waits for a lock. */
  async run(step: InterleavedStep): Promise<void> {
    const session = this.#sessions.get(step[0]) ?? (await this.#begin());
    this.#sessions.set(step[0], session);
    session.running = session.running.then(() => this.#perform(session, step));
    await this.#settled(session);
  }

  /** Resolves when no step is running. */
  async finished(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map(({ running }) => running));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Whoever has not ended is rolled back with its connection.
    for (const { client, hasEnded } of this.#sessions.values()) {
      client.off?.('error', ignore);
      client.release(!hasEnded);
    }
    this.#observer.release();
  }

  async #begin(): Promise<Session> {
    const { pool, recorder, isolation } = this.#options;
    const client = await pool.connect();
    // Its steps are told of a loss.
    client.on?.('error', ignore);
    const process = recorder.process();
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
  }

  async #perform(session: Session, [, what, ...values]: InterleavedStep): Promise<void> {
    const { client, done, operation } = session;
    if (session.hasEnded) return;
    session.hasEnded = what === 'commit' || what === 'abort';
    try {
      if (what === 'append') {
        done.push(['append', ...values]);
        await this.#append(client, values);
      } else if (what === 'read') done.push(...(await this.#read(client, values)));
      else if (what === 'abort') {
        await client.query('ROLLBACK');
        operation.fail('rolled back on purpose');
      } else if (classifyCommit(await client.query('COMMIT')) === 'ok') operation.ok(done);
      else operation.fail('COMMIT was answered with ROLLBACK');
    } catch (error) {
      session.hasEnded = true;
      operation[classifyPostgres(error, { commitSent: what === 'commit' })](error);
      await client.query('ROLLBACK').catch(() => {});
    }
  }

  async #append(client: PostgresClient, values: readonly number[]): Promise<void> {
    await client.query(
      `INSERT INTO ${this.#options.table} AS old VALUES ($1, ARRAY[$2::int]) ON CONFLICT (k) DO UPDATE ` +
        'SET v = old.v || EXCLUDED.v',
      [...values],
    );
  }

  async #read(client: PostgresClient, keys: readonly number[]): Promise<unknown[][]> {
    const { rows } = await client.query(`SELECT k, v FROM ${this.#options.table} WHERE k = ANY($1)`, [[...keys]]);
    const lists = new Map((rows as readonly { readonly k: number; readonly v: number[] }[]).map(({ k, v }) => [k, v]));
    return keys.map((key) => ['r', key, lists.get(key) ?? []]);
  }

  // Resolves when the session has done its steps, or waits for a lock.
  async #settled(session: Session): Promise<void> {
    let isOver = false;
    const done = session.running.finally(() => (isOver = true));
    while (!isOver) {
      const { rows } = await this.#observer.query(
        `SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND wait_event_type = 'Lock'`,
        [session.pid],
      );
      if (rows.length > 0) return;
      await Promise.race([done, new Promise(setImmediate)]);
    }
  }
}

function ignore(): void {}
