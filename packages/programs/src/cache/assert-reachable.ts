import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { EnvironmentError } from '@chaos/spec';
import type { ServiceAccount } from '../run/service-account.js';

/** Throws `EnvironmentError` if the account that a service will run as cannot enter `path` or a folder above it. */
export function assertReachable(path: string, account: ServiceAccount | undefined, hint: string): void {
  if (account === undefined) return;
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode, uid } = statSync(folder);
    const mayEnter = uid === account.uid ? mode & 0o100 : mode & 0o001;
    if (mayEnter === 0) {
      throw new EnvironmentError(
        `Cannot run a service as uid ${account.uid} in ${path}: mode of ${folder} is ${(mode & 0o7777).toString(8)}`,
        { hint, data: { path, folder } },
      );
    }
    if (folder === dirname(folder)) return;
  }
}
