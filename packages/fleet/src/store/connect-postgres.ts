import { EnvironmentError } from '@chaos/spec';
import type { Connected } from './bull-store.js';
import { placeOf } from './place-of.js';

const SILENCE_MS = 5_000;
const CONNECT_MS = 5_000;
/** Connections of one process: a few at work, and one that listens for each queue that units are taken from. */
const MOST_CONNECTIONS = 12;

/** Connects to a PostgreSQL, and creates BullMQ's tables in its schema `bullmq` where they are missing. */
export async function connectPostgres(url: string, onError: (error: Error) => void): Promise<Connected> {
  const [{ default: pg }, { createPostgresBackend, DEFAULT_SCHEMA, Queue, runMigrations, Worker }] = await Promise.all([
    import('pg'),
    import('bullmq'),
  ]);
  const pool = new pg.Pool({
    connectionString: url,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: SILENCE_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 1_000,
    options: `-c search_path="${DEFAULT_SCHEMA}"`,
  });
  pool.on('error', onError);
  try {
    const client = await pool.connect();
    try {
      await runMigrations(client, DEFAULT_SCHEMA);
    } finally {
      client.release();
    }
  } catch (cause) {
    await pool.end().catch(() => {});
    throw new EnvironmentError(`Cannot use the fleet at ${placeOf(url)}: ${(cause as Error).message}`, {
      cause,
      hint: 'Is it up, may this user create the schema "bullmq" in this database, and is it PostgreSQL 13 or newer?',
    });
  }
  const shared = { connection: pool, skipVersionCheck: true };
  return {
    kind: 'postgres',
    queue: (name) => new Queue(name, shared as never, createPostgresBackend as never),
    worker: (name, more) => new Worker(name, null, { ...shared, ...more } as never, createPostgresBackend as never),
    close: () => pool.end(),
    onError,
  };
}
