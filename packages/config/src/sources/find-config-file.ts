import { existsSync, lstatSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '@chaos/spec';
import { assertOwnFile } from './own-file.js';

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
      assertOwnFile(file, cwd, { does: 'names code to run', flag: '--config' });
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
