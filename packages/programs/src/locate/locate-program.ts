import { CapabilityMissing } from '@chaos/spec';
import { cacheDirectory } from '../cache/cache-directory.js';
import { downloadPackage, type Program } from './download-package.js';
import { findExecutable } from '../run/find-executable.js';
import { serviceAccount } from '../run/service-account.js';

/** Options of {@link locateProgram}. */
export interface LocateProgramOptions {
  /** Its names, the best first: `['redis-server', 'valkey-server']`. */
  readonly programs: readonly [string, ...string[]];
  /** Debian packages that have one of them, the best first. */
  readonly packages: readonly [string, ...string[]];
  /** The capability that a machine without it lacks. Default: the first program. */
  readonly capability?: string;
  /** Instructions for getting it by hand. */
  readonly hint: string;
  readonly signal: AbortSignal;
  /** Default `PATH`. */
  readonly path?: string | undefined;
  /** Folder of a downloaded one; see `CHAOS_CACHE_DIR`. */
  readonly cacheDirectory?: string | undefined;
}

/**
 * A program on the path, else that of a Debian package, which is downloaded with apt's signature check and unpacked in
 * the cache: needs no root, installs nothing. Throws `CapabilityMissing` with the reason and the way to get one.
 */
export async function locateProgram(options: LocateProgramOptions): Promise<Program> {
  const { programs, packages, capability = programs[0], hint, signal, path } = options;
  for (const name of programs) {
    const executable = findExecutable(name, { path });
    if (executable !== undefined) return { executable, libraryFolders: [] };
  }
  try {
    return await downloadPackage(
      {
        name: packages[0].replace(/-server$/, ''),
        what: programs[0],
        packages,
        programs: programs.flatMap((name) => [`usr/bin/${name}`, `usr/sbin/${name}`]),
      },
      cacheDirectory(options.cacheDirectory, serviceAccount()),
      signal,
    );
  } catch (cause) {
    signal.throwIfAborted();
    throw new CapabilityMissing(
      capability,
      `it is not on PATH, and its Debian package could not be had (${(cause as Error).message})`,
      { hint, cause },
    );
  }
}
