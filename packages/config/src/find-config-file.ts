import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The nearest `chaos.yaml`, in `cwd` or a folder above it; `undefined` where there is none. */
export function findConfigFile(cwd: string): string | undefined {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const file = join(folder, 'chaos.yaml');
    if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) return file;
    if (dirname(folder) === folder) return undefined;
  }
}
