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
  /** Hears of idle connections that are lost; the pool has replaced them. Default: nobody has to. */
  readonly onIdleError?: (error: Error) => void;
  /** A statement that is not answered after this closes its connection. */
  readonly answerTimeoutMs: number;
  /** Limits enforced by the server, even if this service hangs or dies. */
  readonly serverSettings: Readonly<Record<string, number>>;
}

/** Limits that every session sets on the server, so that no statement of this service outlives them. */
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

/** A pool that replaces broken connections. */
export function createPooledConnections(options: PoolOptions): Connections {
  // The pool's time-out covers the wait for a free connection; opening a new one has its own, shorter limit.
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
    // The pool passes its options to this function, although its types do not say so.
    Client: Client as unknown as new () => pg.ClientBase,
  });
  // Without listeners a broken connection would end the process. The pool reports idle ones; lent ones emit their own
  // error.
  pool.on('error', options.onIdleError ?? (() => {}));
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
