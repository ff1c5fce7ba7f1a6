import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmdirSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { currentProcess, isRunning, type ProcessIdentity } from '@chaos/env/process';

/** A lock that this process holds until it releases it or dies. */
export interface HeldLock extends Disposable {
  /** A second call does nothing. */
  release(): void;
}

const MOST_LOCK_BYTES = 512;
/** Far longer than the guard is ever held (a read and an unlink). */
const GUARD_STALE_MS = 2_000;

/**
 * Takes a lock between processes: a file that names its holder. A lock whose holder is dead is taken over.
 *
 * @returns the lock, or its holder (`undefined` if the file names none)
 * @throws the file system's error where the folder cannot be written
 */
export function takeLock(
  path: string,
  owner: ProcessIdentity = currentProcess(),
): { readonly lock: HeldLock } | { readonly heldBy: ProcessIdentity | undefined } {
  if (create(path, owner) || (discardStale(path) && create(path, owner))) return { lock: held(path, owner) };
  return { heldBy: holderOf(path) };
}

/** Holder of the lock, dead or alive; `undefined` if it is free or unreadable. */
export function holderOf(path: string): ProcessIdentity | undefined {
  try {
    const { pid, startTime } = JSON.parse(readSmallFile(path)) as Partial<ProcessIdentity>;
    return typeof pid === 'number' && typeof startTime === 'number' ? { pid, startTime } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The folder may be shared, so the file may be anything: a link is not followed, a FIFO does not block, and of a huge
 * file only the size of a lock is read.
 */
function readSmallFile(path: string): string {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!fstatSync(file).isFile()) throw new TypeError(`Cannot read ${path}: it is no regular file`);
    const bytes = Buffer.alloc(MOST_LOCK_BYTES);
    return bytes.toString('utf8', 0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}

// A hard link appears with its content; a file opened with O_EXCL would be empty for a moment.
function create(path: string, owner: ProcessIdentity): boolean {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, JSON.stringify({ pid: owner.pid, startTime: owner.startTime }), { flag: 'wx', mode: 0o644 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(draft);
  }
}

/**
 * Removes a lock whose holder is dead. Two processes that find it must not remove each other's fresh lock: only the
 * holder of the guard removes it, and checks again first.
 *
 * @returns true when the path is free now
 */
export function discardStale(path: string): boolean {
  const guard = `${path}.guard`;
  try {
    if (ageMs(guard) > GUARD_STALE_MS) rmdirSync(guard);
  } catch {
    // It does not exist, or belongs to another user.
  }
  try {
    mkdirSync(guard);
  } catch {
    return false;
  }
  try {
    const holder = holderOf(path);
    if (holder && isRunning(holder)) return false;
    unlinkSync(path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  } finally {
    rmdirSync(guard);
  }
}

/** Time after which nobody is at work on a draft that names no owner: writing one takes no time. */
const DRAFT_STALE_MS = 60_000;
const DRAFT = /\.[0-9a-f]{12}$/;

/**
 * Removes what processes that were killed while they took or removed a lock have left beside it: drafts of dead owners,
 * and old guards. Entries of other users stay.
 */
export function sweepLocks(directory: string): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    try {
      if (DRAFT.test(name) && isAbandoned(path)) unlinkSync(path);
      else if (name.endsWith('.guard') && ageMs(path) > GUARD_STALE_MS) rmdirSync(path);
    } catch {
      // It has gone meanwhile, or belongs to another user.
    }
  }
}

function isAbandoned(draft: string): boolean {
  const owner = holderOf(draft);
  return owner === undefined ? ageMs(draft) > DRAFT_STALE_MS : !isRunning(owner);
}

function ageMs(path: string): number {
  return performance.timeOrigin + performance.now() - lstatSync(path).mtimeMs;
}

function held(path: string, owner: ProcessIdentity): HeldLock {
  let released = false;
  const release = (): void => {
    if (released) return;
    released = true;
    const holder = holderOf(path);
    if (holder?.pid !== owner.pid || holder.startTime !== owner.startTime) return;
    try {
      unlinkSync(path);
    } catch {
      // Already gone: its resource has been removed.
    }
  };
  return { release, [Symbol.dispose]: release };
}
