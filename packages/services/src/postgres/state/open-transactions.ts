import { setTimeout as delay } from 'node:timers/promises';
import type { ClientConfig } from 'pg';
import { withClient } from '../with-client.js';

/** Ignore transactions that are about to end: they were not left open. */
const GRACE_MS = 150;
const LOOK_MS = 10;

const SQL = `
  SELECT 'an open transaction of ' || coalesce(nullif(application_name, ''), 'a client') || ' (' || state || ', last statement: ' || left(regexp_replace(query, '\\s+', ' ', 'g'), 100) || ')' AS what, pid || ' ' || xact_start AS key, client_port AS port
  FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND xact_start IS NOT NULL
  UNION ALL SELECT 'a prepared transaction (' || gid || ')', gid, NULL FROM pg_prepared_xacts WHERE database = current_database()`;

interface Row {
  readonly what: string;
  readonly key: string;
  /** The port is -1 over a Unix socket. */
  readonly port: number | null;
}

/** A transaction that a client keeps open. */
export interface OpenTransaction {
  /** Client, state, and last statement. */
  readonly what: string;
  /** Port at the client's end of the connection, if it has one. */
  readonly localPort?: number;
}

/** Transactions in the database of `connection` that somebody keeps open; each was seen by every look within 150 ms. */
export function openTransactions(connection: ClientConfig, signal: AbortSignal): Promise<readonly OpenTransaction[]> {
  return withClient(connection, signal, async (client) => {
    const look = async (): Promise<readonly Row[]> => (await client.query<Row>(SQL)).rows;
    let left = await look();
    for (const untilMs = performance.now() + GRACE_MS; left.length > 0 && performance.now() < untilMs;) {
      await delay(LOOK_MS, undefined, { signal });
      const now = new Set((await look()).map(({ key }) => key));
      left = left.filter(({ key }) => now.has(key));
    }
    return left.map(({ what, port }) => ({ what, ...(port !== null && port > 0 && { localPort: port }) }));
  });
}
