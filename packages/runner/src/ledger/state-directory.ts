import { chmodSync, lstatSync, mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EnvironmentError } from '@chaos/spec';

// A container may run as a uid that no user database knows, for which os.userInfo() throws; Windows has none.
const uid = process.getuid?.() ?? 0;

/** Where this user's runs keep their state: `<tmp>/chaos-<uid>`. */
export function defaultStateDirectory(): string {
  return join(tmpdir(), `chaos-${uid}`);
}

/**
 * Makes a folder that nobody else can read or write. It holds commands that will be run: one that another user has put
 * there is refused.
 *
 * @throws EnvironmentError when it cannot be made, or is not ours
 */
export function ensurePrivateDirectory(path: string): string {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new EnvironmentError(`Cannot create ${path}: ${(cause as Error).message}`, {
      cause,
      hint: 'Set TMPDIR to a folder that you can write.',
    });
  }
  const stat = lstatSync(path);
  if (!stat.isDirectory() || stat.uid !== uid)
    throw new EnvironmentError(
      `Cannot use ${path}: it is ${stat.isDirectory() ? `owned by uid ${stat.uid}` : 'no folder'}`,
      { hint: `Remove it, or set TMPDIR to another folder.` },
    );
  if ((stat.mode & 0o077) !== 0) chmodSync(path, 0o700);
  return path;
}

/** A folder for temporary files whose content other users can reach: root's servers run as another user. */
export function reachableTemporaryDirectory(): string {
  return [tmpdir(), '/tmp'].find((path) => uid !== 0 || isReachable(path)) ?? tmpdir();
}

function isReachable(path: string): boolean {
  if ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) % 2 === 0) return false;
  return path === '/' || isReachable(dirname(path));
}
