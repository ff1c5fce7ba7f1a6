import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { privateFolder } from '@chaos/env/private';

/** Where blocks of ports are locked. Not in TMPDIR: ports belong to the machine, so all must look in the same place. */
export const LOCK_DIRECTORY = '/tmp/chaos-ports';

/** All may make locks there, and nobody remove those of others. */
const SHARED_MODE = 0o1777;

/**
 * The folder to lock ports in. Another user may have put something else in the place of the shared one, to keep us from
 * working; then it is one of our own, and only our own runs are told apart by locks.
 *
 * @throws EnvironmentError where that cannot be had either
 */
export function lockDirectory(shared: string = LOCK_DIRECTORY): string {
  return isShared(shared) ? shared : privateFolder(join(tmpdir(), `chaos-ports-${process.getuid?.() ?? 0}`));
}

function isShared(path: string): boolean {
  try {
    mkdirSync(path, { recursive: true });
    const before = lstatSync(path);
    if (before.isDirectory() && before.uid === process.getuid?.() && (before.mode & 0o7777) !== SHARED_MODE)
      chmodSync(path, SHARED_MODE);
    const { mode } = lstatSync(path);
    return before.isDirectory() && (process.getuid === undefined || (mode & SHARED_MODE) === SHARED_MODE);
  } catch {
    return false;
  }
}
