import { readFileSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { makeFolder } from '@chaos/spec';
import { buildOnce } from '../cache/build-once.js';
import { runCommand } from '../run/run-command.js';
import type { EmbeddedBinaries } from './embedded-binaries.js';

/** Copies the binaries to `cache` once, with modes that let every uid run them, and returns the folder with `bin`. */
export function installPostgres(
  { version, platform, directory }: EmbeddedBinaries,
  cache: string,
  signal: AbortSignal,
): Promise<string> {
  return buildOnce({
    directory: join(cache, `postgres-${version}-${platform}`),
    signal,
    async build(temporary) {
      const options = { what: 'copy the PostgreSQL binaries', cwd: cache, env: process.env, signal };
      await runCommand(['cp', '-R', directory, temporary], options);
      await makeSymlinks(temporary);
      // Repair modes that the umask or the package manager changed.
      await runCommand(['chmod', '-R', 'u+rwX,go+rX,go-w', temporary], options);
    },
  });
}

/**
 * npm packages cannot contain symbolic links. The package lists them for an install script, which may be blocked, so
 * create them here.
 */
async function makeSymlinks(directory: string): Promise<void> {
  const links = JSON.parse(readFileSync(join(directory, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(directory, relative('native', target));
    makeFolder(dirname(link), 0o755);
    try {
      await symlink(relative(dirname(link), join(directory, relative('native', source))), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
