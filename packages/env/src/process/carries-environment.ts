import { readFileSync } from 'node:fs';

/**
 * True for a process that was started with all of these `NAME=value` entries in its environment, wherever it hangs in
 * the tree. False where it has ended, is another user's, or has written its title over its environment.
 */
export function carriesEnvironment(pid: number, entries: readonly string[]): boolean {
  try {
    const environment = new Set(readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0'));
    return entries.every((entry) => environment.has(entry));
  } catch {
    return false;
  }
}
