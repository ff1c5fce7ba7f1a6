import { lstatSync, statSync } from 'node:fs';
import { isTrustedOwner } from './owner.js';

/**
 * The uid of another user who owns `path`, or what it links to; `undefined` where it is this user's, a trusted one's,
 * or belongs to the owner of the folder `near`: who works in a folder of its owner trusts that owner already. Above it,
 * as in /tmp, anybody may have put it there.
 *
 * @throws the file system's error where either is missing
 */
export function otherOwner(path: string, near: string): number | undefined {
  const { uid: owner } = statSync(near);
  return [lstatSync(path).uid, statSync(path).uid].find((uid) => !isTrustedOwner(uid) && uid !== owner);
}
