import type { ProcessIdentity } from './process-identity.js';
import { listProcesses, type ProcessStat } from './process-stat.js';

/**
 * The running processes that `isRoot` accepts, and all their descendants, parents before children. One snapshot of
 * /proc: a process whose parent has ended belongs to init (or its subreaper) and is not found.
 */
export function withDescendants(isRoot: (stat: ProcessStat) => boolean): ProcessStat[] {
  const table = listProcesses();
  const childrenOf = new Map<number, ProcessStat[]>();
  for (const stat of table) childrenOf.set(stat.parent, [...(childrenOf.get(stat.parent) ?? []), stat]);
  const found = new Set(table.filter(isRoot));
  // Iterating a Set also visits entries that are added meanwhile.
  for (const stat of found) for (const child of childrenOf.get(stat.pid) ?? []) found.add(child);
  return [...found];
}

/** The running processes below `pid`, parents before children, without `pid` itself. */
export function descendantsOf(pid: number): ProcessIdentity[] {
  return withDescendants((stat) => stat.parent === pid)
    .filter((stat) => stat.pid !== pid)
    .map(({ pid: child, startTime }) => ({ pid: child, startTime }));
}
