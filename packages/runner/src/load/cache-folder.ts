import { tmpdir } from 'node:os';
import { join } from 'node:path';

const uid = (): number => process.getuid?.() ?? 0;

/** Where this user's transformed code is kept, whichever project it is of. */
export function cacheFolder(): string {
  return join(tmpdir(), `chaos-transform-${uid()}`);
}
