import { readdir } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import { startBudget } from '../../budget.js';
import type { Service } from '../../composition/compose.js';
import { ServiceError } from '../../service-error.js';
import { watchEventLoop } from '../event-loop-lag.js';
import type { RequestCounts } from '../load-shedding.js';

/** Paths of operational requests. */
export const operationalPaths: readonly string[] = ['/health', '/ready', '/metrics'];

/**
 * `GET /health` (the process lives), `GET /ready` (it can serve: PostgreSQL answers and the schema is there), `GET
 * /metrics`.
 */
export function operationalRoutes(
  app: FastifyInstance,
  service: Service,
  options: { readonly isPrepared: () => boolean; readonly requests: () => RequestCounts },
): void {
  const { settings, statements, connections, cache, roleCache, keys, retry } = service;
  const eventLoopLagMs = watchEventLoop();

  app.get('/health', async () => ({ status: 'alive', uptimeMs: Math.round(process.uptime() * 1000) }));

  app.get('/ready', async () => {
    if (!options.isPrepared()) throw new ServiceError('UNAVAILABLE', 'The database has not been reached yet');
    await statements.reading(startBudget(settings.timeoutMs)).rows('SELECT 1');
    return { status: 'ready' };
  });

  app.get('/metrics', async () => ({
    pool: { ...connections.use(), max: settings.poolSize },
    cache: cache.counts(),
    roles: roleCache.counts(),
    jwks: keys.counts(),
    retries: retry.counts(),
    requests: options.requests(),
    process: {
      pid: process.pid,
      descriptors: await openDescriptors(),
      heapBytes: process.memoryUsage().heapUsed,
      eventLoopLagMs: eventLoopLagMs(),
    },
  }));
}

// The listing itself holds one descriptor. Absent without /proc.
async function openDescriptors(): Promise<number | undefined> {
  const names = await readdir('/proc/self/fd').catch(() => undefined);
  return names && names.length - 1;
}
