import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The user whose rights this process has; `undefined` on systems without users (Windows). */
export function ownUid(): number | undefined {
  return process.geteuid?.();
}

/**
 * True for users who can change the code of this process anyway: root, this user, and the owner of our own code (root
 * in a container often works in another user's checkout). In a user namespace also the overflow owner, which stands for
 * everybody outside of it, because root looks the same there.
 */
export function isTrustedOwner(uid: number): boolean {
  return uid === 0 || uid === ownUid() || uid === codeOwner() || uid === unmappedUid();
}

let code: number | undefined;

function codeOwner(): number {
  return (code ??= statSync(fileURLToPath(import.meta.url)).uid);
}

let unmapped: number | undefined;

function unmappedUid(): number | undefined {
  unmapped ??= readUnmappedUid();
  return unmapped === -1 ? undefined : unmapped;
}

// -1: every uid is mapped, so no uid stands for outsiders.
function readUnmappedUid(): number {
  try {
    const overflow = Number(readFileSync('/proc/sys/kernel/overflowuid', 'utf8'));
    const isMapped = readFileSync('/proc/self/uid_map', 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number))
      .some(([from = 0, , count = 0]) => overflow >= from && overflow < from + count);
    return isMapped ? -1 : overflow;
  } catch {
    return -1;
  }
}
