import { delimiter } from 'node:path';

/** Where programs are looked for: `PATH`, then the administrators' folders, which Debian leaves out for users. */
export function searchPath(): string {
  return [process.env['PATH'] ?? '', '/usr/local/sbin', '/usr/sbin', '/sbin'].join(delimiter);
}
