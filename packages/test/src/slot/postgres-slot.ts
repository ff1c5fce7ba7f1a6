import type { SlotContext, SlotFixture } from '@chaos/spec';
import type { BackendFilter, PostgresServer, ShutdownMode } from '@chaos/services/postgres';
import { defineSlotFixture } from './define-slot-fixture.js';

/**
 * The slot's PostgreSQL. Address `{ url, adminUrl, external }`. Faults: `kill`, `stop`, `restart { mode }`,
 * `terminateBackends { applicationName?, state? }`.
 */
export function postgresSlot(): SlotFixture {
  return defineSlotFixture<PostgresServer>({
    name: 'postgres',
    needs: [],
    start,
    address: ({ url, adminUrl, external }) => ({ url, adminUrl, external }),
    check: (postgres, signal) => postgres.ready(signal),
    snapshot: (postgres, signal) => postgres.snapshot(signal),
    reset: (postgres, signal) => postgres.reset(signal),
    faults: {
      kill: (postgres) => postgres.kill(),
      stop: (postgres) => postgres.stop(),
      restart: (postgres, { mode }) => postgres.restart((mode ?? 'fast') as ShutdownMode),
      terminateBackends: (postgres, { name: _, ...filter }) => postgres.terminateBackends(filter as BackendFilter),
    },
    methods: {
      leftovers: async (postgres, _, signal) => (await postgres.openTransactions(signal)).map((left) => ({ ...left })),
    },
  });
}

async function start(context: SlotContext, signal: AbortSignal): Promise<PostgresServer> {
  const { startPostgres, usePostgres } = await import('@chaos/services/postgres');
  const { config, directory, journal, log, runId, slotIndex } = context;
  const { url, startTimeoutMs: budgetMs } = config.services.postgres;
  if (url !== undefined) return usePostgres({ url, journal, runId, slotIndex, signal });
  const startTimeoutMs = Math.round(budgetMs * config.deadlineFactor);
  return startPostgres({ port: await context.takePort('postgres'), directory, journal, log, startTimeoutMs, signal });
}
