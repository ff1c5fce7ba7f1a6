import { carriesEnvironment } from './carries-environment.js';
import type { ProcessIdentity } from './process-identity.js';
import { listProcesses } from './process-stat.js';

/**
 * Processes whose environment contains `variable=value`, whoever their parent is: they may be left over from a dead
 * `npm` or `sh`. Sees only processes that the caller may read: those of the same user, or all as root.
 */
export function findMarked(variable: string, value: string): ProcessIdentity[] {
  return listProcesses()
    .filter(({ pid }) => carriesEnvironment(pid, [`${variable}=${value}`]))
    .map(({ pid, startTime }) => ({ pid, startTime }));
}
