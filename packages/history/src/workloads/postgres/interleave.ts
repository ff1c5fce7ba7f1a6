import type { PostgresPool, SqlIsolation } from '../../classify/postgres-client.js';
import type { History } from '../../history.js';
import type { Recorder } from '../../record/recorder.js';
import { InterleavedSessions, type InterleavedStep } from './interleaved-sessions.js';
import { tableName } from './postgres-workload-options.js';
import { createTable } from './with-isolation.js';

/** Options of {@link interleave}. */
export interface InterleaveOptions {
  /** Records the operations. */
  readonly recorder: Recorder;
  /** Of both transactions. */
  readonly isolation: SqlIsolation;
  /** Its table, which is dropped and made anew. Default: `chaos_interleave`. */
  readonly table?: string;
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
  checkEnds(steps);
  const table = tableName(name);
  const keys = keysOf(steps);
  await using sessions = await InterleavedSessions.open({ pool, recorder, isolation, table });
  await createTable(pool, [`DROP TABLE IF EXISTS ${table}`, `CREATE TABLE ${table} (k int PRIMARY KEY, v int[])`]);
  for (const step of [[-1, 'append', 1, 10], [-1, 'append', 2, 20], [-1, 'commit'], ...steps] as const)
    await sessions.run(step);
  await sessions.finished();
  for (const step of [
    [-2, 'read', ...keys],
    [-2, 'commit'],
  ] as const)
    await sessions.run(step);
  return recorder.history();
}

function checkEnds(steps: readonly InterleavedStep[]): void {
  for (const [session] of steps) {
    if (!steps.some(([one, what]) => one === session && (what === 'commit' || what === 'abort')))
      throw new TypeError(
        `Cannot interleave transactions: session ${session} never ends, give it a 'commit' or an 'abort'`,
      );
  }
}

function keysOf(steps: readonly InterleavedStep[]): ReadonlySet<number> {
  const keys = new Set([1, 2]);
  for (const [, what, ...values] of steps)
    for (const key of what === 'append' ? values.slice(0, 1) : values) keys.add(key);
  return keys;
}
