import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

// A container may run as a uid that no user database knows, for which os.userInfo() throws; Windows has none.
const uid = process.getuid?.() ?? 0;

/** Where this user's runs keep their state: `<tmp>/chaos-<uid>`. */
export function defaultStateDirectory(): string {
  return join(tmpdir(), `chaos-${uid}`);
}

/** A folder for temporary files whose content other users can reach: root's servers run as another user. */
export function reachableTemporaryDirectory(): string {
  return [tmpdir(), '/tmp'].find((path) => uid !== 0 || isReachable(path)) ?? tmpdir();
}

function isReachable(path: string): boolean {
  if ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) % 2 === 0) return false;
  return path === '/' || isReachable(dirname(path));
}
