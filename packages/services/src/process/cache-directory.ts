import { chmodSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { assertTrusted } from '@chaos/env/private';
import { EnvironmentError } from '@chaos/spec';
import { assertReachable } from './assert-reachable.js';
import type { ServiceAccount } from './service-account.js';

const HINT = 'Set CHAOS_CACHE_DIR to a folder that you may write and every user may enter.';

/**
 * The folder that outlives runs and checkouts, made if need be: `override` > `CHAOS_CACHE_DIR` > `/var/cache/chaos` as
 * root, else `$XDG_CACHE_HOME/chaos` or `~/.cache/chaos`. Throws `EnvironmentError` where it cannot be written or
 * `account` cannot enter it, or where others can write to it.
 */
export function cacheDirectory(override: string | undefined, account: ServiceAccount | undefined): string {
  const directory = resolve(
    override ??
      (process.env['CHAOS_CACHE_DIR'] || undefined) ??
      (account === undefined ? join(xdgCacheHome() ?? join(home(), '.cache'), 'chaos') : '/var/cache/chaos'),
  );
  try {
    // The umask may be 077; another uid has to enter.
    if (mkdirSync(directory, { recursive: true, mode: 0o755 }) !== undefined) chmodSync(directory, 0o755);
  } catch (cause) {
    throw new EnvironmentError(
      `Cannot make the cache folder: current value is ${directory} (${(cause as Error).message})`,
      { hint: HINT, cause },
    );
  }
  assertReachable(directory, account, HINT);
  // Programs lie in it: whoever can write there decides what we run.
  return assertTrusted(directory, HINT);
}

// The XDG base directory specification: empty is not set, and what is relative is to be ignored.
function xdgCacheHome(): string | undefined {
  const folder = process.env['XDG_CACHE_HOME'];
  return folder !== undefined && isAbsolute(folder) ? folder : undefined;
}

// A uid that no passwd entry knows, as containers have, has no home but $HOME.
function home(): string {
  try {
    return homedir();
  } catch (cause) {
    throw new EnvironmentError(
      `Cannot choose a cache folder: uid ${process.getuid?.()} has no entry in /etc/passwd, and HOME is not set`,
      { hint: HINT, cause },
    );
  }
}
