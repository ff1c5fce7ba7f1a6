import { join } from 'node:path';
import type { SlotContext, SlotFixture } from '@chaos/spec';
import type { PostgresServer } from '@chaos/services/postgres';
import { defineSlotFixture } from './define-slot-fixture.js';

/** The slot's PostgreSQL. Address `{ url, adminUrl, external }`. Faults: `kill`, `stop`, `restart { mode }`, `terminateBackends`. */
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
      restart: (postgres, { mode }) => postgres.restart((mode ?? 'fast') as 'fast' | 'immediate'),
      terminateBackends: (postgres) => postgres.terminateBackends(),
    },
    methods: {},
  });
}

async function start(context: SlotContext, signal: AbortSignal): Promise<PostgresServer> {
  const { startPostgres, usePostgres } = await import('@chaos/services/postgres');
  const { config, directory, journal, log, runId, slotIndex } = context;
  const { url, startTimeoutMs: budgetMs } = config.services.postgres;
  const startTimeoutMs = Math.round(budgetMs * config.deadlineFactor);
  if (url !== undefined) return usePostgres({ url, journal, runId, slotIndex, log, startTimeoutMs, signal });
  return startPostgres({ port: await context.takePort('postgres'), directory: join(directory, 'postgres'), journal, log, startTimeoutMs, signal });
}
