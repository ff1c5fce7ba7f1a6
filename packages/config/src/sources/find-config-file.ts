import { existsSync, lstatSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isTrustedOwner } from '@chaos/env/private';
import { UsageError } from '@chaos/spec';

const NAME = 'chaos.yaml';
const MISTAKEN = ['chaos.yml', '.chaos.yaml', '.chaos.yml'];

/**
 * The nearest `chaos.yaml`, in `cwd` or a folder above it; `undefined` if there is none. A folder or a broken link of
 * that name counts, too: the code that reads it reports the problem.
 *
 * @throws UsageError where a folder on the way has a `chaos.yml` in its place, or a file of another user
 */
export function findConfigFile(cwd: string): string | undefined {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const file = join(folder, NAME);
    const found = lstatSync(file, { throwIfNoEntry: false });
    if (found !== undefined) {
      assertOwner(file, found.uid, cwd);
      return file;
    }
    const mistaken = MISTAKEN.map((name) => join(folder, name)).find((path) => existsSync(path));
    if (mistaken !== undefined)
      throw new UsageError(`Cannot use ${mistaken}: the configuration is called ${NAME}`, {
        hint: `Did you mean ${NAME}? Rename it, or name it: --config ${mistaken}`,
      });
    if (dirname(folder) === folder) return undefined;
  }
}

// The file names code that runs as this user. Above the own folder, as in /tmp, anybody may have put it there; who works
// in a folder of its owner trusts that owner already.
function assertOwner(file: string, owner: number, cwd: string): void {
  if (isTrustedOwner(owner) || owner === statSync(cwd).uid) return;
  throw new UsageError(`Cannot use ${file}: it belongs to another user (uid ${owner}), and names code to run`, {
    hint: `If you trust it, name it: --config ${file}. Else put a ${NAME} of your own into ${cwd}.`,
  });
}
