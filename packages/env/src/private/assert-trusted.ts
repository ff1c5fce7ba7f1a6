import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { EnvironmentError } from '@chaos/spec';
import { isTrustedOwner, ownUid } from './owner.js';

const STICKY = 0o1000;

/**
 * Asserts that only root, this user or the owner of our own code can change the file or folder at `path`, or replace
 * it. For programs and modules that will be run. Follows symbolic links first and judges the real path.
 *
 * @returns the real path
 * @throws EnvironmentError with the problem, the owner, and the fix
 */
export function assertTrusted(path: string, hint: string): string {
  const real = realpathSync(path);
  if (ownUid() === undefined) return real;
  const stat = lstatSync(real);
  if (!isTrustedOwner(stat.uid)) throw refuse(path, `${real} belongs to uid ${stat.uid}`, hint);
  if ((stat.mode & 0o002) !== 0) throw refuse(path, `everybody can write to ${real} (mode ${modeOf(stat)})`, hint);
  assertTrustedParents(real, path, hint);
  return real;
}

/**
 * Asserts that nobody else can rename or replace an entry on the path to `real`: every folder above belongs to a
 * trusted user, and others may write to it only if it is sticky, as /tmp is.
 */
export function assertTrustedParents(real: string, path: string, hint: string): void {
  for (let folder = dirname(real); ; folder = dirname(folder)) {
    const stat = lstatSync(folder);
    if (!isTrustedOwner(stat.uid)) throw refuse(path, `the folder ${folder} belongs to uid ${stat.uid}`, hint);
    if ((stat.mode & 0o002) !== 0 && (stat.mode & STICKY) === 0)
      throw refuse(path, `everybody can rename what is in ${folder} (mode ${modeOf(stat)}, not sticky)`, hint);
    if (folder === dirname(folder)) return;
  }
}

/** The error for a path that another user may have made. */
export function refuse(path: string, why: string, hint: string): EnvironmentError {
  return new EnvironmentError(`Cannot use ${path}: ${why}`, { hint, data: { path } });
}

/** Permission bits in octal, as for chmod: `1777`. */
export function modeOf({ mode }: Pick<Stats, 'mode'>): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}
