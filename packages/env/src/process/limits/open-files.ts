import { readFileSync } from 'node:fs';
import { EnvironmentError } from '@chaos/spec';

/** Below it parts of a run fail here and there, each with another error. */
const NEEDED = 128;

/**
 * Makes sure that this process may open enough files and connections for a run.
 *
 * @returns the limit; `undefined` where it cannot be told (no /proc)
 * @throws EnvironmentError where it is too low
 */
export function assertOpenFiles(limits: string = readLimits()): number | undefined {
  const limit = /^Max open files\s+(\d+|unlimited)/m.exec(limits)?.[1];
  if (limit === undefined) return undefined;
  // Node.js raises the soft limit to the hard one when it starts.
  if (Number(limit) < NEEDED)
    throw new EnvironmentError(`Cannot run: a process may open ${limit} files here, and a run needs ${NEEDED}`, {
      hint: 'Raise the limit: ulimit -Hn 4096, LimitNOFILE= of the service, or docker run --ulimit nofile=4096.',
      data: { limit: Number(limit), needed: NEEDED },
    });
  return limit === 'unlimited' ? Infinity : Number(limit);
}

function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}
