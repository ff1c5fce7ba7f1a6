import { existsSync, mkdtempSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Why no report can be written to a folder, found by trying; `undefined` where it can. */
export function whyNotWritable(folder: string): string | undefined {
  const place = nearestExisting(folder);
  try {
    rmdirSync(mkdtempSync(join(place, '.chaos-')));
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return `nothing can be made in ${place} (${code})`;
  }
}

/** The folder itself, or the nearest one above that is there. */
export function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}
