import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

// In a container the uid may have no entry in the user database, and then os.userInfo() throws; Windows has no uids.
const uid = process.getuid?.() ?? 0;

/** This user's state folder of runs: `<tmp>/chaos-<uid>`. */
export function defaultStateDirectory(): string {
  return join(tmpdir(), `chaos-${uid}`);
}

/** A folder for temporary files that other users can enter: root's servers run as another user. */
export function reachableTemporaryDirectory(): string {
  return [tmpdir(), '/tmp'].find((path) => uid !== 0 || isReachable(path)) ?? tmpdir();
}

function isReachable(path: string): boolean {
  if ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) % 2 === 0) return false;
  return path === '/' || isReachable(dirname(path));
}
