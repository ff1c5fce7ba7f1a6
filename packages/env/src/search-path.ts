import { delimiter } from 'node:path';

/** Search path for programs: `PATH`, then the administrators' folders, which Debian omits for ordinary users. */
export function searchPath(): string {
  return [process.env['PATH'] ?? '', '/usr/local/sbin', '/usr/sbin', '/sbin'].join(delimiter);
}
