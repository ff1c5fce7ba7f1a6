import { chmodSync, lstatSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { privateFolder } from '@chaos/env/private';
import { makeFolder } from '@chaos/spec';

/**
 * Folder of locks on port blocks. Not in TMPDIR: ports belong to the machine, so all users must look in the same place.
 */
export const LOCK_DIRECTORY = '/tmp/chaos-ports';

/** All users may create locks there, and nobody may remove another user's. */
const SHARED_MODE = 0o1777;

/**
 * The folder for locking ports. Another user may have blocked the shared one; then it is our own, and locks only
 * separate our own runs.
 *
 * @throws EnvironmentError where that cannot be made either
 */
export function lockDirectory(shared: string = LOCK_DIRECTORY): string {
  return isShared(shared) ? shared : privateFolder(join(tmpdir(), `chaos-ports-${process.getuid?.() ?? 0}`));
}

function isShared(path: string): boolean {
  try {
    makeFolder(path, SHARED_MODE);
    const before = lstatSync(path);
    if (before.isDirectory() && before.uid === process.getuid?.() && (before.mode & 0o7777) !== SHARED_MODE)
      chmodSync(path, SHARED_MODE);
    const { mode } = lstatSync(path);
    return before.isDirectory() && (process.getuid === undefined || (mode & SHARED_MODE) === SHARED_MODE);
  } catch {
    return false;
  }
}
