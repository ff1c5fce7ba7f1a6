import type { Fault, ServiceDefinition } from '@chaos/spec';
import { redisDescription } from './description.js';
import type { RedisProgram } from './locate-redis.js';
import type { RedisServer } from './redis-server.js';

type Address = { readonly url: string; readonly external: boolean };

interface Faults {
  kill(redis: RedisServer): Fault;
  stop(redis: RedisServer): Fault;
  restart(redis: RedisServer): Fault;
  exhaustClients(redis: RedisServer): Fault;
  clockOffset(redis: RedisServer, options: { readonly offsetMs: number }): Fault;
}

interface Methods {
  /** `library`: libfaketime. */
  movableClock(redis: RedisServer, signal: AbortSignal, library: string): Promise<null>;
}

/** The slot's Redis. */
export const redis: ServiceDefinition<'redis', RedisServer, Address, Faults, Methods, object, RedisProgram> = {
  ...redisDescription,
  async prepare({ signal }) {
    const { locateRedis } = await import('./locate-redis.js');
    return locateRedis({ signal });
  },
  async start({ takePort, directory, journal, log, startTimeoutMs, prepared: program }, signal) {
    const { startRedis } = await import('./start-redis.js');
    return startRedis({ program, port: await takePort('redis'), directory, journal, log, startTimeoutMs, signal });
  },
  async use({ journal, runId, slotIndex }, url, signal) {
    const { useRedis } = await import('./use-redis.js');
    return useRedis({ url, journal, runId, slotIndex, signal });
  },
  address: ({ url, external }) => ({ url, external }),
  faults: {
    kill: (redis) => redis.kill(),
    stop: (redis) => redis.stop(),
    restart: (redis) => redis.restart(),
    exhaustClients: (redis) => redis.exhaustClients(),
    clockOffset: (redis, { offsetMs }) => redis.clockOffset(offsetMs),
  },
  methods: {
    async movableClock(redis, signal, library) {
      await redis.movableClock(library, signal);
      return null;
    },
  },
  async doctor(options) {
    const [{ checkProgram }, { REDIS }] = await Promise.all([import('@chaos/programs'), import('./locate-redis.js')]);
    return checkProgram({ ...REDIS, ...options });
  },
};

/** Type of the definition: its address, faults and methods. */
export type RedisDefinition = typeof redis;
