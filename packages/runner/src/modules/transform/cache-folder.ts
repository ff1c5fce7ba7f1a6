import { tmpdir } from 'node:os';
import { join } from 'node:path';

const uid = (): number => process.getuid?.() ?? 0;

/** Folder of this user's transformed code, for all projects. */
export function cacheFolder(): string {
  return join(tmpdir(), `chaos-transform-${uid()}`);
}
