import { carriesEnvironment, listProcesses, type ProcessIdentity } from '@chaos/env/process';

/**
 * Processes whose environment holds `variable=value`, wherever they hang in the tree: what a dead `npm` or `sh` left
 * behind. Sees only what the caller may read: processes of the same user, or all for root.
 */
export function findMarked(variable: string, value: string): ProcessIdentity[] {
  return listProcesses()
    .filter(({ pid }) => carriesEnvironment(pid, [`${variable}=${value}`]))
    .map(({ pid, startTime }) => ({ pid, startTime }));
}
