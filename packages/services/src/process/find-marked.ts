import { readFileSync, readdirSync } from 'node:fs';
import { processStartTime } from '@chaos/env';
import type { ProcessReference } from './process-reference.js';

/**
 * Processes whose environment holds `variable=value`, wherever they hang in the tree: what a dead `npm` or `sh` left
 * behind. Sees only what the caller may read: processes of the same user, or all for root.
 */
export function findMarked(variable: string, value: string): ProcessReference[] {
  const entry = `${variable}=${value}\0`;
  return listProcesses().flatMap((pid) => {
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(entry)) return [];
    } catch {
      return [];
    }
    const startTime = processStartTime(pid);
    return startTime === undefined ? [] : [{ pid, startTime }];
  });
}

function listProcesses(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}
