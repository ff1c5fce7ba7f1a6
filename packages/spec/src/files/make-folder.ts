import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those above it that are missing, each with `mode` whatever the umask is. One that is there already
 * stays as it is.
 *
 * Use it instead of a recursive `mkdir`: that of Node.js 20 and 22 never returns below a folder in which the system
 * makes none (`/proc`), and its mode is what the umask leaves.
 *
 * @returns whether it made the folder
 * @throws the file system's error (`EACCES`, `EEXIST` where a file stands there, `ENOENT` where nothing can be made …)
 */
export function makeFolder(path: string, mode: number): boolean {
  const folder = resolve(path);
  try {
    return makeOne(folder, mode);
  } catch (error) {
    const parent = dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || isFolder(parent)) throw error;
    makeFolder(parent, mode);
    return makeOne(folder, mode);
  }
}

function makeOne(folder: string, mode: number): boolean {
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    // Another process may have been faster; some systems refuse (EROFS, EACCES) before they look at what is there.
    if (isFolder(folder)) return false;
    throw error;
  }
  const made = statSync(folder).mode;
  // Bits above are inherited, such as the group's.
  if ((made & 0o777) !== mode) chmodSync(folder, mode | (made & 0o7000));
  return true;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
