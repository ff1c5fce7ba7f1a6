import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { discardStale, sweepLocks } from '../lock-file.js';
import { lockDirectory } from './lock-directory.js';

/**
 * Removes the locks of blocks whose holder is dead, and what was left beside them. They would be taken over anyway, but
 * a healed run should leave no file behind.
 */
export function releaseDeadBlocks(directory: string = lockDirectory()): void {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch {
    return;
  }
  sweepLocks(directory);
  for (const name of names) if (/^\d+$/.test(name)) discardStale(join(directory, name));
}
