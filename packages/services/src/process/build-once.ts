import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identityOf, isRunning } from '@chaos/env/process';
import { EnvironmentError } from '@chaos/spec';

/** Options of {@link buildOnce}. */
export interface BuildOnceOptions {
  /** The finished folder; it exists as a whole or not at all. */
  readonly directory: string;
  /** Builds the folder `temporary`, which does not exist yet and is beside the finished one. */
  readonly build: (temporary: string) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Builds a folder once for all processes of this machine. The rename makes it safe; the lock only avoids duplicate
 * work.
 */
export async function buildOnce({ directory, build, signal }: BuildOnceOptions): Promise<string> {
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
  await removeAbandoned(directory);
  const temporary = `${directory}.${self()}-${randomUUID()}.tmp`;
  try {
    await build(temporary);
    await rename(temporary, directory);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!existsSync(directory)) throw error;
  }
}

/** This process as `pid-startTime`; in the name of a folder a random part follows. */
function self(): string {
  return `${process.pid}-${identityOf(process.pid)?.startTime ?? 0}`;
}

function isSelfAlive(owner: string): boolean {
  const [pid, startTime] = owner.split('-').map(Number);
  // 0: there is no /proc to tell.
  return pid !== undefined && (startTime === 0 || isRunning({ pid, startTime: startTime ?? Number.NaN }));
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
  if (isAbandoned(lock)) void rm(lock, { force: true });
  return false;
}

function isAbandoned(lock: string): boolean {
  try {
    const owner = readFileSync(lock, 'utf8');
    // Empty: its owner has created it but not written it yet, or died in between.
    return owner === '' ? Date.now() - statSync(lock).mtimeMs > 2000 : !isSelfAlive(owner);
  } catch {
    return false;
  }
}

async function removeAbandoned(directory: string): Promise<void> {
  const prefix = `${basename(directory)}.`;
  for (const name of readdirSync(dirname(directory))) {
    if (!name.startsWith(prefix) || !name.endsWith('.tmp') || isSelfAlive(name.slice(prefix.length, -'.tmp'.length)))
      continue;
    await rm(join(dirname(directory), name), { recursive: true, force: true });
  }
}
