import pg from 'pg';
import type { Budget } from '../budget.js';
import { ServiceError } from '../service-error.js';
import type { Connection, Connections } from './connections.js';

/** Options of {@link createPooledConnections}; times in milliseconds. */
export interface PoolOptions {
  readonly url: string;
  readonly size: number;
  readonly maxWaiting: number;
  readonly acquireTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** A statement that is not answered after this closes its connection. */
  readonly answerTimeoutMs: number;
  /** Limits that the server itself keeps, whatever becomes of us. */
  readonly serverSettings: Readonly<Record<string, number>>;
}

/** The limits that every session sets on the server: nothing that this service asked for outlives them there. */
export function serverSettingsOf(limits: {
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
}): Readonly<Record<string, number>> {
  const { statementTimeoutMs, lockTimeoutMs } = limits;
  return {
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs * 2,
    client_connection_check_interval: Math.max(100, Math.ceil(statementTimeoutMs / 2)),
  };
}

/** A pool that replaces what breaks. */
export function createPooledConnections(options: PoolOptions): Connections {
  // The pool's own time-out covers the wait for a free connection; making one has a shorter one of its own.
  class Client extends pg.Client {
    constructor(config: pg.ClientConfig) {
      super({ ...config, connectionTimeoutMillis: options.connectTimeoutMs });
    }
  }
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.size,
    connectionTimeoutMillis: options.acquireTimeoutMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: 'sample-service',
    options: Object.entries(options.serverSettings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    // The pool calls it with its options, whatever its declaration says.
    Client: Client as unknown as new () => pg.ClientBase,
  });
  // Without listeners a connection that breaks would end the process: idle ones are reported by the pool, lent ones by
  // themselves.
  pool.on('error', () => {});
  pool.on('connect', (client) => void client.on('error', () => {}));

  return {
    async acquire(budget) {
      if (pool.waitingCount >= options.maxWaiting)
        throw new ServiceError('OVERLOADED', 'Too many requests wait for the database');
      const client = await pool.connect().catch((error: unknown) => {
        throw new ServiceError('UNAVAILABLE', 'Cannot get a connection to the database', { cause: error });
      });
      return lend(client, budget, options.answerTimeoutMs);
    },
    use: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close: () => pool.end(),
  };
}

function lend(client: pg.PoolClient, budget: Budget, answerTimeoutMs: number): Connection {
  const query = (text: string, values: readonly unknown[] = []) =>
    client.query({
      text,
      values: [...values],
      query_timeout: Math.min(answerTimeoutMs, budget.remainingMs()),
    } as pg.QueryConfig);
  return {
    rows: async <Row extends object>(text: string, values?: readonly unknown[]) =>
      (await query(text, values)).rows as Row[],
    command: async (text) => (await query(text)).command,
    release: () => client.release(),
    destroy: () => client.release(true),
  };
}
