import { existsSync, mkdtempSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { otherOwner } from '@chaos/env/private';
import { UsageError } from '@chaos/spec';

/** Why no report can be written to a folder, found by trying; `undefined` where it can. */
export function whyNotWritable(folder: string): string | undefined {
  const place = nearestExisting(folder);
  try {
    rmdirSync(mkdtempSync(join(place, '.chaos-')));
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return `nothing can be made in ${place} (${code})`;
  }
}

/**
 * Asserts that no other user made the folder: its owner could put links in the place of reports and record what they
 * contain.
 *
 * @throws UsageError with the owner and the fix
 */
export function assertOwnFolder(folder: string, cwd: string): void {
  const place = nearestExisting(folder);
  const owner = otherOwner(place, cwd);
  if (owner === undefined) return;
  throw new UsageError(`Cannot write reports to ${folder}: ${place} belongs to another user (uid ${owner})`, {
    hint: 'Choose another folder: --output DIR, or the option of the reporter.',
  });
}

/** The folder itself, or the nearest one above that is there. */
export function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}
