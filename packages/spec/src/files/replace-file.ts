import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file of this user's, mode 0600. It appears whole, in place of what was there: a reader never sees half of
 * it, and a symbolic link in its place is replaced, not followed.
 *
 * @param drafts folder on the same disk where it is written first; default: that of `path`
 * @throws the file system's error; then nothing is left beside it
 */
export function replaceFile(path: string, text: string, drafts: string = dirname(path)): void {
  const draft = join(drafts, `${basename(path)}.${randomBytes(8).toString('hex')}`);
  try {
    // `wx` neither follows a link nor takes what is there.
    writeFileSync(draft, text, { flag: 'wx', mode: 0o600 });
    renameSync(draft, path);
  } catch (error) {
    removeQuietly(draft);
    throw error;
  }
}

/** Says `true` when {@link replaceFile} did it: for what only makes the next run faster. */
export function tryReplaceFile(path: string, text: string, drafts?: string): boolean {
  try {
    replaceFile(path, text, drafts);
    return true;
  } catch {
    return false;
  }
}

// If a file is in the place of the folder, or the disk is read-only, removing fails just as writing did.
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The error that counts is that of writing.
  }
}
