import { setTimeout as delay } from 'node:timers/promises';
import { ChaosError } from '@chaos/spec';
import type { Client, ClientConfig } from 'pg';
import { openTransactions } from './open-transactions.js';
import { snapshotSql } from './snapshot-sql.js';
import type { PostgresServer } from '../postgres-server.js';
import { withClient } from '../with-client.js';

/** Time for a running transaction to end by itself before it is terminated, ms. */
const GRACE_MS = 150;
const PROOF_MS = 1000;
const RETRIES = 3;
const LOCK_LOST: readonly unknown[] = ['55P03', '40P01'];

const OPEN_TRANSACTIONS = `FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
  AND (xact_start IS NOT NULL OR state NOT IN ('idle', 'disabled'))`;

const CREATED = 'SELECT name FROM chaos_snapshot.created() AS name';

/**
 * Snapshot and reset of the database of `connection`: all rows and sequences of all schemas but the system's. What else
 * differs from the snapshot afterwards is an error: of the database, and with `server` of the whole server.
 */
export function createDatabaseState(
  connection: ClientConfig,
  scope: { readonly server: boolean },
): Pick<PostgresServer, 'snapshot' | 'created' | 'reset' | 'openTransactions'> {
  return {
    snapshot: (signal) =>
      withClient(connection, signal, async (client) => void (await client.query(snapshotSql(scope)))),
    created: (signal) =>
      withClient(connection, signal, async (client) => {
        const { rows } = await client.query<{ name: string }>(CREATED);
        return rows.map(({ name }) => name);
      }),
    openTransactions: (signal) => openTransactions(connection, signal),
    reset: (signal) =>
      withClient(connection, signal, async (client) => {
        await endTransactions(client, GRACE_MS, signal);
        await restore(client, signal);
        if (await hasOpenTransactions(client, PROOF_MS, signal)) {
          throw new ChaosError(
            'RESET_FAILED',
            `Cannot reset PostgreSQL: transactions of others stay open for ${PROOF_MS} ms`,
            { hint: 'Something writes to the database between tests.' },
          );
        }
      }),
  };
}

async function restore(client: Client, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query('SELECT chaos_snapshot.restore()');
      return;
    } catch (cause) {
      const { code, message } = cause as { code?: unknown; message: string };
      // A transaction that started meanwhile holds a lock that we need.
      if (LOCK_LOST.includes(code) && attempt < RETRIES) {
        await endTransactions(client, 0, signal);
        continue;
      }
      const noSnapshot = code === '3F000' || code === '42883';
      throw new ChaosError(
        'RESET_FAILED',
        `Cannot reset PostgreSQL: ${noSnapshot ? 'no snapshot was taken' : message}`,
        { cause },
      );
    }
  }
}

async function endTransactions(client: Client, graceMs: number, signal: AbortSignal): Promise<void> {
  if (await hasOpenTransactions(client, graceMs, signal))
    await client.query(`SELECT pg_terminate_backend(pid, 2000) ${OPEN_TRANSACTIONS}`);
}

/** True if every look within `withinMs` saw one. */
async function hasOpenTransactions(client: Client, withinMs: number, signal: AbortSignal): Promise<boolean> {
  const untilMs = performance.now() + withinMs;
  for (;;) {
    const { rowCount } = await client.query(`SELECT 1 ${OPEN_TRANSACTIONS} LIMIT 1`);
    if (rowCount === 0) return false;
    if (performance.now() >= untilMs) return true;
    await delay(5, undefined, { signal });
  }
}
