import { readFileSync } from 'node:fs';

/**
 * True for a process that was started with all of these `NAME=value` entries in its environment, whoever its parent is.
 * False if it has ended, belongs to another user, or has overwritten its environment with its title.
 */
export function carriesEnvironment(pid: number, entries: readonly string[]): boolean {
  try {
    const environment = new Set(readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0'));
    return entries.every((entry) => environment.has(entry));
  } catch {
    return false;
  }
}
