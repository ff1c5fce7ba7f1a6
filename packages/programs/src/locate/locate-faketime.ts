import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CapabilityMissing } from '@chaos/spec';
import { cacheDirectory } from '../cache/cache-directory.js';
import { serviceAccount } from '../run/service-account.js';
import { downloadPackage } from './download-package.js';

/** Places that {@link locateFaketime} searches. */
export interface LocateFaketimeOptions {
  readonly signal: AbortSignal;
  /** Folders of an installed one. Default: those of Debian and Fedora. */
  readonly folders?: readonly string[];
  /** Folder of a downloaded one; see `CHAOS_CACHE_DIR`. */
  readonly cacheDirectory?: string;
}

const TRIPLETS = ['x86_64-linux-gnu', 'aarch64-linux-gnu', 'arm-linux-gnueabihf'] as const;
const INSTALLED = [...TRIPLETS.map((triplet) => `/usr/lib/${triplet}/faketime`), '/usr/lib64/faketime'];
const LIBRARY = 'libfaketimeMT.so.1';

/**
 * The library that gives a program another time (`LD_PRELOAD`), for programs with threads: the system's, else that of
 * the Debian package, which is downloaded and unpacked in the cache. Throws `CapabilityMissing` with the reason and the
 * way to get one.
 */
export async function locateFaketime(options: LocateFaketimeOptions): Promise<string> {
  const { signal, folders = INSTALLED } = options;
  const installed = folders.map((folder) => join(folder, LIBRARY)).find((file) => existsSync(file));
  if (installed !== undefined) return installed;
  try {
    const { executable } = await downloadPackage(
      { name: 'faketime', what: 'faketime', packages: ['faketime'], programs: ['usr/bin/faketime'] },
      cacheDirectory(options.cacheDirectory, serviceAccount()),
      signal,
    );
    const root = dirname(dirname(dirname(executable)));
    const unpacked = TRIPLETS.map((triplet) => join(root, 'usr/lib', triplet, 'faketime', LIBRARY));
    const library = unpacked.find((file) => existsSync(file));
    if (library === undefined) throw new Error(`its package has no ${LIBRARY}`);
    return library;
  } catch (cause) {
    signal.throwIfAborted();
    throw new CapabilityMissing(
      'faketime',
      `it is not installed, and its Debian package could not be had (${(cause as Error).message})`,
      { hint: 'Install libfaketime (apt-get install faketime).', cause },
    );
  }
}
