import { existsSync } from 'node:fs';
import { chmod, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { searchPath } from '@chaos/env';
import { CapabilityMissing, makeFolder } from '@chaos/spec';
import { sweep, unfinished } from '../cache/abandoned.js';
import { cacheDirectory } from '../cache/cache-directory.js';
import { downloadPackage } from './download-package.js';
import { findExecutable } from '../run/find-executable.js';

/** Places that {@link locateNft} searches. */
export interface LocateNftOptions {
  readonly signal: AbortSignal;
  /** Default `PATH` and the administrators' folders. */
  readonly path?: string;
  /** Folder of a downloaded one; see `CHAOS_CACHE_DIR`. */
  readonly cacheDirectory?: string;
}

/**
 * The folder of a working `nft`: the system's, else that of the Debian package, unpacked in the cache. Throws
 * `CapabilityMissing` with the reason and the way to get one.
 */
export async function locateNft({
  signal,
  path = searchPath(),
  cacheDirectory: directory,
}: LocateNftOptions): Promise<string> {
  const installed = findExecutable('nft', { path });
  if (installed !== undefined) return dirname(installed);
  try {
    const { executable, libraryFolders } = await downloadPackage(
      { name: 'nftables', what: 'nft', packages: ['nftables'], programs: ['usr/sbin/nft'] },
      cacheDirectory(directory, undefined),
      signal,
    );
    return await wrapper(executable, libraryFolders);
  } catch (cause) {
    signal.throwIfAborted();
    throw new CapabilityMissing(
      'nft',
      `it is not on PATH, and its Debian package could not be had (${(cause as Error).message})`,
      { hint: 'Install nftables (apt-get install nftables).', cause },
    );
  }
}

// Only this program gets the path of its libraries: other programs of the slot must not inherit LD_LIBRARY_PATH.
async function wrapper(executable: string, libraryFolders: readonly string[]): Promise<string> {
  const folder = join(dirname(executable), '../bin');
  const file = join(folder, 'nft');
  if (existsSync(file)) return folder;
  makeFolder(folder, 0o755);
  await sweep(folder);
  // A unique name for each call: two fixtures of one slot do this at the same time.
  const temporary = unfinished(file);
  const script = `#!/bin/sh\nLD_LIBRARY_PATH='${libraryFolders.join(':')}' exec '${executable}' "$@"\n`;
  await writeFile(temporary, script, { flag: 'wx' });
  await chmod(temporary, 0o755);
  await rename(temporary, file);
  return folder;
}
