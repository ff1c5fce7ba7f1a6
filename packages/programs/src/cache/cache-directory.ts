import { tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { assertTrusted, homeFolder, privateFolder } from '@chaos/env/private';
import { EnvironmentError, makeFolder } from '@chaos/spec';
import { assertReachable } from './assert-reachable.js';
import type { ServiceAccount } from '../run/service-account.js';

const HINT = 'Set CHAOS_CACHE_DIR to a folder that you may write and every user may enter.';

/**
 * The folder that outlives runs and checkouts, made if need be: `override` > `CHAOS_CACHE_DIR` > `/var/cache/chaos` as
 * root, else `$XDG_CACHE_HOME/chaos` or `~/.cache/chaos`; for a user without a home that can be written,
 * `chaos-cache-<uid>` in the folder for temporary files. Throws `EnvironmentError` where it cannot be written or
 * `account` cannot enter it, or where others can write to it.
 */
export function cacheDirectory(override: string | undefined, account: ServiceAccount | undefined): string {
  const chosen = override ?? (process.env['CHAOS_CACHE_DIR'] || undefined);
  if (chosen === undefined && account === undefined) return userCache();
  const directory = resolve(chosen ?? '/var/cache/chaos');
  try {
    // Another uid has to enter.
    makeFolder(directory, 0o755);
  } catch (cause) {
    throw new EnvironmentError(
      `Cannot make the cache folder: current value is ${directory} (${(cause as Error).message})`,
      { hint: HINT, cause },
    );
  }
  assertReachable(directory, account, HINT);
  // The folder contains programs, so whoever can write there decides what we run.
  return assertTrusted(directory, HINT);
}

function userCache(): string {
  const home = homeFolder();
  const base = xdgCacheHome() ?? (home === undefined ? undefined : join(home, '.cache'));
  if (base !== undefined) {
    const directory = join(base, 'chaos');
    if (canMake(directory)) return assertTrusted(directory, HINT);
  }
  return privateFolder(join(tmpdir(), `chaos-cache-${process.getuid?.() ?? 0}`), HINT);
}

// The XDG base directory specification: empty means not set, and a relative path is ignored.
function xdgCacheHome(): string | undefined {
  const folder = process.env['XDG_CACHE_HOME'];
  return folder !== undefined && isAbsolute(folder) ? folder : undefined;
}

// `/nonexistent` is the home of `nobody`, and that of a container may be on a read-only disk.
function canMake(directory: string): boolean {
  try {
    makeFolder(directory, 0o755);
    return true;
  } catch {
    return false;
  }
}
