import { existsSync, writeFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EnvironmentError } from '@chaos/spec';
import { isAbandonedLock, self, sweep, unfinished } from './abandoned.js';

/** Options of {@link buildOnce}. */
export interface BuildOnceOptions {
  /** The finished folder; it exists as a whole or not at all. */
  readonly directory: string;
  /** Builds the folder `temporary`, which does not exist yet and is beside the finished one. */
  readonly build: (temporary: string) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Caches that this process has swept. */
const swept = new Set<string>();

/**
 * Builds a folder once for all processes of this machine. The rename makes it safe; the lock only avoids duplicate
 * work. The first call in a process sweeps the cache, so that nothing of a killed run stays, whichever folder it was
 * at.
 */
export async function buildOnce({ directory, build, signal }: BuildOnceOptions): Promise<string> {
  const cache = dirname(directory);
  if (!swept.has(cache)) {
    swept.add(cache);
    // Another user's leftovers, or a read-only cache that is complete, are no reason to fail.
    await sweep(cache).catch(() => {});
  }
  const lock = `${directory}.lock`;
  for (; !existsSync(directory); await delay(20)) {
    signal.throwIfAborted();
    if (!tryLock(lock)) continue;
    try {
      if (!existsSync(directory)) await buildLocked(directory, build);
    } finally {
      await rm(lock, { force: true });
    }
  }
  return directory;
}

async function buildLocked(directory: string, build: (temporary: string) => Promise<void>): Promise<void> {
  await sweep(dirname(directory)).catch(() => {});
  const temporary = unfinished(directory);
  try {
    await build(temporary);
    await rename(temporary, directory);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!existsSync(directory)) throw error;
  }
}

function tryLock(lock: string): boolean {
  try {
    writeFileSync(lock, self(), { flag: 'wx' });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new EnvironmentError(`Cannot write ${lock}: ${(cause as Error).message}`, {
        hint: 'Set CHAOS_CACHE_DIR to a folder that you may write.',
        cause,
      });
  }
  if (isAbandonedLock(lock)) void rm(lock, { force: true });
  return false;
}
