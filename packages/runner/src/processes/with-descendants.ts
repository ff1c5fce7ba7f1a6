import { listProcesses, type ProcessStat } from './process-stat.js';

/** The roots that run now, and every process below them, parents first. */
export function withDescendants(isRoot: (stat: ProcessStat) => boolean): ProcessStat[] {
  const table = listProcesses();
  const childrenOf = new Map<number, ProcessStat[]>();
  for (const stat of table) childrenOf.set(stat.parent, [...(childrenOf.get(stat.parent) ?? []), stat]);
  const found = new Set(table.filter(isRoot));
  // A Set that grows while it is walked visits what is added, too.
  for (const stat of found) for (const child of childrenOf.get(stat.pid) ?? []) found.add(child);
  return [...found];
}
