import { CapabilityMissing } from '@chaos/spec';
import { cacheDirectory } from '../process/cache-directory.js';
import { downloadPackage, type Program } from '../process/download-package.js';
import { findExecutable } from '../process/find-executable.js';
import { serviceAccount } from '../process/service-account.js';

/** A Redis that can be run. */
export type RedisProgram = Program;

const NAMES = ['redis-server', 'valkey-server'];
const HINT =
  'Install redis-server (apt-get install redis-server, brew install redis), or set services.redis.url to a running server.';

/** Where {@link locateRedis} looks. */
export interface LocateRedisOptions {
  readonly signal: AbortSignal;
  /** Default `PATH`. */
  readonly path?: string;
  /** Where a downloaded one is kept; see `CHAOS_CACHE_DIR`. */
  readonly cacheDirectory?: string;
}

/**
 * `redis-server` or `valkey-server` on the path, else the Debian package, unpacked in the cache. Throws
 * `CapabilityMissing` with the reason and the way to get one.
 */
export async function locateRedis({
  signal,
  path,
  cacheDirectory: directory,
}: LocateRedisOptions): Promise<RedisProgram> {
  for (const name of NAMES) {
    const executable = findExecutable(name, path);
    if (executable !== undefined) return { executable, libraryFolders: [] };
  }
  try {
    return await downloadPackage(
      { name: 'redis', what: 'redis-server', packages: NAMES, programs: NAMES.map((name) => `usr/bin/${name}`) },
      cacheDirectory(directory, serviceAccount()),
      signal,
    );
  } catch (cause) {
    signal.throwIfAborted();
    throw new CapabilityMissing(
      'redis-server',
      `it is not on PATH, and its Debian package could not be had (${(cause as Error).message})`,
      { hint: HINT, cause },
    );
  }
}
