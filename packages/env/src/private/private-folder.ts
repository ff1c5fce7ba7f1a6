import { closeSync, constants, fchmodSync, fstatSync, openSync, readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { EnvironmentError, machineFix, makeFolder } from '@chaos/spec';
import { assertTrustedParents, modeOf, refuse } from './assert-trusted.js';
import { ownUid } from './owner.js';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;

/**
 * A folder that only this user can read and write (0700), created if needed. Its content comes from this user, and
 * nobody else can put another folder in its place.
 *
 * The folder is opened without following a link and checked on the open descriptor. After that it cannot be swapped:
 * its owner is this user, and every folder above belongs to this user or root and is closed to others, or sticky.
 *
 * @param hint fix to suggest where it is refused; default: remove it, or set TMPDIR
 * @returns its real path: use this one from then on
 * @throws EnvironmentError where it cannot be made, is a link or no folder, is another user's, others can write to it,
 * or others could replace it
 */
export function privateFolder(path: string, hint: string = defaultHint(path)): string {
  try {
    makeFolder(path, 0o700);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw refuse(path, 'it is no folder', hint);
    throw new EnvironmentError(`Cannot create ${path}: ${message}`, {
      cause,
      hint: machineFix(cause) ?? 'Set TMPDIR to a folder that you can write.',
    });
  }
  return inspect(path, hint);
}

/**
 * Names in a private folder; empty if the folder does not exist.
 *
 * @throws EnvironmentError as {@link privateFolder} does
 */
export function listPrivateFolder(path: string, hint: string = defaultHint(path)): readonly string[] {
  try {
    return readdirSync(inspect(path, hint));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function inspect(path: string, hint: string): string {
  const absolute = resolve(path);
  const real = join(realpathSync(dirname(absolute)), basename(absolute));
  if (ownUid() === undefined) return real;
  const folder = openFolder(real, hint);
  try {
    const stat = fstatSync(folder);
    if (stat.uid !== ownUid()) throw refuse(path, `it belongs to uid ${stat.uid}, not to ${ownUid()}`, hint);
    // Refuse it instead of closing it now: others may have created its content.
    if ((stat.mode & 0o022) !== 0) throw refuse(path, `others can write to it (mode ${modeOf(stat)})`, hint);
    if ((stat.mode & 0o055) !== 0) fchmodSync(folder, 0o700);
  } finally {
    closeSync(folder);
  }
  assertTrustedParents(real, path, hint);
  return real;
}

function openFolder(path: string, hint: string): number {
  try {
    return openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw cause;
    if (code === 'ENOTDIR' || code === 'ELOOP') throw refuse(path, 'it is a symbolic link or no folder', hint);
    // Remove it? Not where the machine is short of something.
    throw refuse(path, message, machineFix(cause) ?? hint);
  }
}

function defaultHint(path: string): string {
  return `Remove ${path} if nobody needs it, or set TMPDIR to a folder of your own.`;
}
