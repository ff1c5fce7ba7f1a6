import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { privateFolder } from '@chaos/env/private';
import { EnvironmentError } from '@chaos/spec';
import { cacheFolder } from './cache-folder.js';

/** Content of a cache before it was emptied. */
export interface ClearedCache {
  /** Absolute. */
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
}

/**
 * Removes this user's transformed code of all projects; the next run creates it again as needed.
 *
 * @throws EnvironmentError where the folder is not this user's alone, or cannot be removed
 */
export function clearCache(): ClearedCache {
  const folder = cacheFolder();
  if (!lstatSync(folder, { throwIfNoEntry: false })) return { folder, files: 0, bytes: 0 };
  // Another user may have put a link there to have something else removed.
  try {
    privateFolder(folder);
  } catch (cause) {
    throw new EnvironmentError(
      `Cannot clear the cache: ${folder} is not a folder of this user alone (${(cause as Error).message})`,
      { cause, hint: 'No run uses it as it is. Remove it by hand, or set TMPDIR to another folder.' },
    );
  }
  try {
    const sizes = readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
      // A run may be using it at the same time.
      const found = lstatSync(join(folder, name), { throwIfNoEntry: false });
      return found?.isFile() ? [found.size] : [];
    });
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    return { folder, files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
  } catch (cause) {
    throw new EnvironmentError(`Cannot clear the cache in ${folder}: ${(cause as Error).message}`, { cause });
  }
}
