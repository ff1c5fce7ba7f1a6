import { readlinkSync } from 'node:fs';

/** The network namespace of a process, by default this one; `null` where there is none to be seen. */
export function currentNamespace(pid: number | 'self' = 'self'): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return null;
  }
}
