import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { findExecutable } from '@chaos/programs';

let prefix: readonly string[] | undefined;

/**
 * Arguments before which a program runs as a user with a name. Containers run as uids that `/etc/passwd` does not know,
 * and `initdb` and `postgres --single` refuse those: then in a user namespace, where this uid is `nobody`. Empty for a
 * uid with a name, and where there are no user namespaces.
 */
export function withName(): readonly string[] {
  return (prefix ??= hasName() ? [] : inNamespace());
}

/** Fix for a program that may have failed because the user has no name; `undefined` if this user has one. */
export function nameHint(): string | undefined {
  if (hasName()) return undefined;
  return 'Give your uid a name (a line in /etc/passwd), allow user namespaces, or set services.postgres.url to a running server.';
}

function hasName(): boolean {
  try {
    userInfo();
    return true;
  } catch {
    return false;
  }
}

function inNamespace(): readonly string[] {
  const unshare = findExecutable('unshare');
  const uid = uidOfNobody();
  if (unshare === undefined || uid === undefined) return [];
  const argv = [unshare, '--user', `--map-user=${uid}`, '--'];
  return spawnSync(unshare, [...argv.slice(1), 'true'], { stdio: 'ignore', cwd: '/' }).status === 0 ? argv : [];
}

function uidOfNobody(): string | undefined {
  try {
    return /^nobody:[^:]*:(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
