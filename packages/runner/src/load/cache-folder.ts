import { lstatSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const uid = (): number => process.getuid?.() ?? 0;

/** Where this user's transformed code is kept, whichever project it is of. */
export function cacheFolder(): string {
  return join(tmpdir(), `chaos-transform-${uid()}`);
}

/** True unless others own the folder or may write to it: what lies there is executed. Throws where there is none. */
export function isOurs(folder: string): boolean {
  const found = lstatSync(folder);
  return found.isDirectory() && (process.getuid === undefined || (found.uid === uid() && (found.mode & 0o022) === 0));
}
