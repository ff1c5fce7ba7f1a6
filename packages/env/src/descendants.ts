import { readdirSync } from 'node:fs';
import { processStat } from './process-stat.js';

/** A process that cannot be mistaken for a later one with the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot. */
  readonly startTime: number;
}

/**
 * All living processes below `pid`, parents before their children, without `pid` itself. One look at /proc: a process
 * whose parent has ended belongs to init (or its subreaper) and is not found. Empty where there is no /proc.
 */
export function descendants(pid: number): readonly ProcessIdentity[] {
  const children = processesByParent();
  const found: ProcessIdentity[] = [];
  const queue = [pid];
  for (let parent = queue.shift(); parent !== undefined; parent = queue.shift()) {
    for (const child of children.get(parent) ?? []) {
      found.push(child);
      queue.push(child.pid);
    }
  }
  return found;
}

function processesByParent(): ReadonlyMap<number, readonly ProcessIdentity[]> {
  const children = new Map<number, ProcessIdentity[]>();
  for (const name of processFolders()) {
    const stat = processStat(name);
    if (stat === undefined || stat.state === 'Z') continue;
    const siblings = children.get(stat.parent) ?? [];
    siblings.push({ pid: Number(name), startTime: stat.startTime });
    children.set(stat.parent, siblings);
  }
  return children;
}

function processFolders(): readonly string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}
