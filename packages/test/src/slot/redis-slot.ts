import type { SlotContext, SlotFixture } from '@chaos/spec';
import type { RedisProgram, RedisServer } from '@chaos/services/redis';
import { defineSlotFixture } from './define-slot-fixture.js';

/** The slot's Redis. Address `{ url, external }`. Faults: `kill`, `stop`, `restart`. */
export function redisSlot(): SlotFixture {
  return defineSlotFixture<RedisServer>({
    name: 'redis',
    needs: [],
    start,
    address: ({ url, external }) => ({ url, external }),
    check: (redis, signal) => redis.ready(signal),
    snapshot: (redis, signal) => redis.snapshot(signal),
    reset: (redis, signal) => redis.reset(signal),
    faults: {
      kill: (redis) => redis.kill(),
      stop: (redis) => redis.stop(),
      restart: (redis) => redis.restart(),
    },
    methods: {},
  });
}

async function start(context: SlotContext, signal: AbortSignal): Promise<RedisServer> {
  const { startRedis, useRedis } = await import('@chaos/services/redis');
  const { config, directory, journal, log, runId, slotIndex } = context;
  const { url, startTimeoutMs: budgetMs } = config.services.redis;
  if (url !== undefined) return useRedis({ url, journal, runId, slotIndex, signal });
  const startTimeoutMs = Math.round(budgetMs * config.deadlineFactor);
  // A download needs the network that this slot may not have.
  const program = (
    context.sandboxed
      ? await context.outside(import.meta.resolve('@chaos/services/redis'), 'locateRedis', signal)
      : undefined
  ) as RedisProgram | undefined;
  return startRedis({
    ...(program && { program }),
    port: await context.takePort('redis'),
    directory,
    journal,
    log,
    startTimeoutMs,
    signal,
  });
}
