import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { otherOwner } from '@chaos/env/private';
import { UsageError } from '@chaos/spec';

const WRITABLE_BY_ALL = 0o002;

/**
 * Refuses a test file that was found in a folder where anybody can put one, such as /tmp, and that another user did.
 *
 * @throws UsageError
 */
export function assertOwnScript(file: string, testDir: string): void {
  const folder = dirname(file);
  if ((statSync(folder).mode & WRITABLE_BY_ALL) === 0) return;
  const owner = otherOwner(file, testDir);
  if (owner === undefined) return;
  throw new UsageError(
    `Cannot run ${file}: it belongs to another user (uid ${owner}), and anybody can put files into ${folder}`,
    { hint: `If you trust it, name it: chaos run ${file}. Else run the tests in a folder of your own.` },
  );
}
