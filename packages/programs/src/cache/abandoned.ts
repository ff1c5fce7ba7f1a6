import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { identityOf, isRunning } from '@chaos/env/process';

/** Longer than any build takes, so nobody is at work on what is older. */
const OLDEST_MS = 60 * 60_000;
/** The owner of a lock writes its name at once. */
const NAMELESS_MS = 2000;

/** This process, for a lock or the name of an unfinished folder: `pid-startTime-namespace`. */
export function self(): string {
  return `${process.pid}-${identityOf(process.pid)?.startTime ?? 0}-${pidNamespace()}`;
}

/** A name for an unfinished folder or file beside `path`, which {@link sweep} knows as this process's. */
export function unfinished(path: string): string {
  return `${path}.${self()}-${randomUUID()}.tmp`;
}

/**
 * Removes what killed processes have left in a cache: folders that they did not finish, of whatever version, and their
 * locks.
 */
export async function sweep(cache: string): Promise<void> {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    const [, owner] = /\.(\d+-\d+-.*)\.tmp$/.exec(name) ?? [];
    const isLeft = owner === undefined ? name.endsWith('.lock') && isAbandonedLock(path) : isAbandoned(path, owner);
    if (isLeft) await rm(path, { recursive: true, force: true });
  }
}

/** True for a lock file whose holder is dead. */
export function isAbandonedLock(lock: string): boolean {
  try {
    const owner = readFileSync(lock, 'utf8');
    // Empty: its owner has created it but not written it yet, or died in between.
    return owner === '' ? isOlder(lock, NAMELESS_MS) : isAbandoned(lock, owner);
  } catch {
    return false;
  }
}

// Of a process in another container nobody can tell whether it lives, so its work is left until it is old.
function isAbandoned(path: string, owner: string): boolean {
  const [pid, startTime, namespace = pidNamespace()] = owner.split('-');
  const identity = { pid: Number(pid), startTime: Number(startTime) };
  return namespace === pidNamespace() && identity.startTime !== 0 ? !isRunning(identity) : isOlder(path, OLDEST_MS);
}

function isOlder(path: string, ageMs: number): boolean {
  const { mtimeMs = Date.now() } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return Date.now() - mtimeMs > ageMs;
}

function pidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}
