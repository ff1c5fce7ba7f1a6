import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Creates a lookup of the nearest file of this name in a folder or above it; each folder is read once. */
export function nearestFile(name: string): (folder: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  const find = (folder: string): string | undefined => {
    if (known.has(folder)) return known.get(folder);
    const path = join(folder, name);
    const parent = dirname(folder);
    const found = statSync(path, { throwIfNoEntry: false })?.isFile()
      ? path
      : parent === folder
        ? undefined
        : find(parent);
    known.set(folder, found);
    return found;
  };
  return find;
}
