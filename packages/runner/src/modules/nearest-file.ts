import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Creates a lookup of the nearest file of these names in a folder or above it; of one folder the first name counts.
 * Each folder is read once.
 */
export function nearestFile(...names: readonly string[]): (folder: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  const find = (folder: string): string | undefined => {
    if (known.has(folder)) return known.get(folder);
    const own = names
      .map((name) => join(folder, name))
      .find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
    const parent = dirname(folder);
    const found = own ?? (parent === folder ? undefined : find(parent));
    known.set(folder, found);
    return found;
  };
  return find;
}
