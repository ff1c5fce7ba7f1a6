import type { Fault, ServiceDefinition } from '@chaos/spec';
import { postgresDescription } from './description.js';
import type { BackendFilter, PostgresServer, ShutdownMode } from './postgres-server.js';
import type { ExhaustOptions } from './state/exhaust-connections.js';

type Address = { readonly url: string; readonly adminUrl: string; readonly external: boolean };

interface Faults {
  kill(postgres: PostgresServer): Fault;
  stop(postgres: PostgresServer): Fault;
  restart(postgres: PostgresServer, options: { readonly mode?: ShutdownMode }): Fault;
  terminateBackends(postgres: PostgresServer, filter: BackendFilter): Fault;
  exhaustConnections(postgres: PostgresServer, options: ExhaustOptions): Fault;
}

/** The slot's PostgreSQL. */
export const postgres: ServiceDefinition<'postgres', PostgresServer, Address, Faults> = {
  ...postgresDescription,
  async start({ takePort, directory, journal, log, startTimeoutMs }, signal) {
    const { startPostgres } = await import('./start-postgres.js');
    return startPostgres({ port: await takePort('postgres'), directory, journal, log, startTimeoutMs, signal });
  },
  async use({ journal, runId, slotIndex }, url, signal) {
    const { usePostgres } = await import('./use-postgres.js');
    return usePostgres({ url, journal, runId, slotIndex, signal });
  },
  address: ({ url, adminUrl, external }) => ({ url, adminUrl, external }),
  faults: {
    kill: (postgres) => postgres.kill(),
    stop: (postgres) => postgres.stop(),
    restart: (postgres, { mode }) => postgres.restart(mode ?? 'fast'),
    terminateBackends: (postgres, filter) => postgres.terminateBackends(filter),
    exhaustConnections: (postgres, options) => postgres.exhaustConnections(options),
  },
  methods: {},
  created: (postgres, signal) => postgres.created(signal),
  leftovers: async (postgres, signal) => (await postgres.openTransactions(signal)).map((left) => ({ ...left })),
};

/** Type of the definition: its address, faults and methods. */
export type PostgresDefinition = typeof postgres;
