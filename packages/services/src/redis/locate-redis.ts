import { locateProgram, type LocateProgramOptions, type Program } from '@chaos/programs';

/** A Redis that can be run. */
export type RedisProgram = Program;

/** Programs and packages to search. */
export const REDIS: Pick<LocateProgramOptions, 'programs' | 'packages' | 'hint'> = {
  programs: ['redis-server', 'valkey-server'],
  packages: ['redis-server', 'valkey-server'],
  hint: 'Install redis-server (apt-get install redis-server, brew install redis), or set services.redis.url to a running server.',
};

/** Places that {@link locateRedis} searches. */
export interface LocateRedisOptions {
  readonly signal: AbortSignal;
  /** Default `PATH`. */
  readonly path?: string;
  /** Folder of a downloaded one; see `CHAOS_CACHE_DIR`. */
  readonly cacheDirectory?: string;
}

/**
 * `redis-server` or `valkey-server` on the path, else the Debian package, unpacked in the cache. Throws
 * `CapabilityMissing` with the reason and the way to get one.
 */
export function locateRedis(options: LocateRedisOptions): Promise<RedisProgram> {
  return locateProgram({ ...REDIS, ...options });
}
