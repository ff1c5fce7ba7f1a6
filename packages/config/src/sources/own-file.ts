import { lstatSync, existsSync } from 'node:fs';
import { otherOwner } from '@chaos/env/private';
import { UsageError } from '@chaos/spec';

/**
 * Refuses a file that was found, not named, and that another user put there; a file that does not exist is fine.
 * `does` completes "it belongs to another user, and …"; `flag` is how to name it.
 *
 * @throws UsageError
 * @example
 * assertOwnFile('/srv/chaos.yaml', process.cwd(), { does: 'names code to run', flag: '--config' });
 */
export function assertOwnFile(
  file: string,
  near: string,
  { does, flag }: { readonly does: string; readonly flag?: string },
): void {
  // A broken link is told by the code that reads it.
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined || !existsSync(file)) return;
  const owner = otherOwner(file, near);
  if (owner === undefined) return;
  const trust = flag === undefined ? 'If you trust it, make it yours' : `If you trust it, name it: ${flag} ${file}`;
  throw new UsageError(`Cannot use ${file}: it belongs to another user (uid ${owner}), and ${does}`, {
    hint: `${trust}. Else put one of your own into ${near}.`,
  });
}
