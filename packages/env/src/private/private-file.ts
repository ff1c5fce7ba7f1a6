import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { modeOf, refuse } from './assert-trusted.js';
import { ownUid } from './owner.js';

const { O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/**
 * Opens this user's file in a {@link privateFolder}: a regular file with one name that nobody else can write. Does not
 * follow a symbolic link or block on a FIFO, and checks the opened descriptor. A new file (`O_CREAT`) gets mode 0600.
 *
 * @returns the descriptor; the caller closes it
 * @throws EnvironmentError where it is something else, or another user's
 * @throws the file system's error (`ENOENT` …) where it cannot be opened
 */
export function openPrivateFile(path: string, flags: number = O_RDONLY): number {
  const file = open(path, flags);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw refuse(path, 'it is no regular file', hintFor(path));
    if (ownUid() !== undefined) {
      if (stat.uid !== ownUid()) throw refuse(path, `it belongs to uid ${stat.uid}, not to ${ownUid()}`, hintFor(path));
      if (stat.nlink > 1) throw refuse(path, `it has ${stat.nlink} names (hard links)`, hintFor(path));
      if ((stat.mode & 0o022) !== 0) throw refuse(path, `others can write to it (mode ${modeOf(stat)})`, hintFor(path));
    }
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** Reads a private file. Throws as {@link openPrivateFile} does. */
export function readPrivateFile(path: string): string {
  const file = openPrivateFile(path);
  try {
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

function open(path: string, flags: number): number {
  try {
    return openSync(path, flags | O_NOFOLLOW | O_NONBLOCK, (flags & O_CREAT) === 0 ? undefined : 0o600);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ELOOP') throw refuse(path, 'it is a symbolic link', hintFor(path));
    // Opening a FIFO or a socket for writing.
    if (code === 'ENXIO') throw refuse(path, 'it is no regular file', hintFor(path));
    throw cause;
  }
}

function hintFor(path: string): string {
  return `Look who made it, then remove ${path}.`;
}
