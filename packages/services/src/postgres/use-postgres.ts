import { EnvironmentError, markSecretsIn, redact, type Journal } from '@chaos/spec';
import { packageEntry } from '../process/package-entry.js';
import { refuseFault } from '../process/refuse-fault.js';
import { createDatabaseState } from './state/database-state.js';
import { dropDatabase } from './drop-database.js';
import type { PostgresServer } from './postgres-server.js';
import { terminateBackends } from './state/terminate-backends.js';
import { withClient } from './with-client.js';

/** Options of {@link usePostgres}. */
export interface UsePostgresOptions {
  /** URL with a user who may create databases; its database is used only for that. */
  readonly url: string;
  readonly journal: Journal;
  readonly runId: string;
  readonly slotIndex: number;
  readonly signal: AbortSignal;
}

/**
 * Creates our own database on a running external server; dropped at the end. Faults that need the process throw
 * `FAULT_REFUSED`. Throws `EnvironmentError` where the server cannot be reached or refuses.
 */
export async function usePostgres({
  url,
  journal,
  runId,
  slotIndex,
  signal,
}: UsePostgresOptions): Promise<PostgresServer> {
  assertPostgresUrl(url);
  const database = databaseName(runId, slotIndex);
  const ours = new URL(url);
  ours.pathname = `/${database}`;
  // Its TLS and options may come from PG* variables: the server is the user's.
  const connection = { connectionString: ours.href };
  const entry = journal.record(
    {
      kind: 'call',
      module: packageEntry('postgres/drop-database.js'),
      export: 'dropDatabase',
      data: { url, database },
    },
    `database ${database}`,
  );
  let isUnknown = false;
  try {
    await withClient({ connectionString: url }, signal, async (client) => {
      isUnknown = true;
      await client.query(`CREATE DATABASE ${database}`);
    });
  } catch (cause) {
    // Keep the recipe if the answer was lost: the database may exist.
    if (!isUnknown || isRefusal(cause)) entry.settle();
    signal.throwIfAborted();
    throw new EnvironmentError(`Cannot create database ${database} at ${ours.host}: ${(cause as Error).message}`, {
      hint: 'services.postgres.url needs a reachable server and a user with CREATEDB.',
      cause,
    });
  }
  const refuse = (fault: string) => (): never => {
    throw refuseFault(fault, 'postgres', url);
  };
  return {
    url: ours.href,
    adminUrl: url,
    external: true,
    pid: undefined,
    ready: (waiting) => withClient(connection, waiting, async (client) => void (await client.query('SELECT 1'))),
    ...createDatabaseState(connection, { server: false }),
    logTail: () => '',
    kill: refuse('kill'),
    stop: refuse('stop'),
    restart: refuse('restart'),
    exhaustConnections: refuse('exhaustConnections'),
    terminateBackends: (filter) => terminateBackends(connection, filter),
    async [Symbol.asyncDispose]() {
      await dropDatabase({ url, database });
      entry.settle();
    },
  };
}

/** The server itself refused. */
function isRefusal(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'severity' in error;
}

// Its password is masked from here on.
function assertPostgresUrl(url: string): void {
  markSecretsIn(url);
  if (!/^postgres(ql)?:\/\//.test(url))
    throw new TypeError(
      `Cannot use PostgreSQL: url must start with postgres://, current value is ${JSON.stringify(redact(url))}`,
    );
}

function databaseName(runId: string, slotIndex: number): string {
  const plain = runId.toLowerCase().replace(/[^a-z0-9]/g, '_');
  return `chaos_${plain.slice(0, 40)}_${slotIndex}`;
}
