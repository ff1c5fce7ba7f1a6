import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const SCRIPT = /\.[cm]?[jt]sx?$/;
const NEVER = new Set(['node_modules', 'dist', 'chaos-results']);

/** Every script below a folder, absolute. Skips links, hidden folders, and installed and built files. */
export async function scriptsBelow(folder: string): Promise<string[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch {
    // It was removed, or is not readable for us.
    return [];
  }
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return NEVER.has(entry.name) || entry.name.startsWith('.') ? [] : scriptsBelow(path);
      return entry.isFile() && SCRIPT.test(entry.name) ? [path] : [];
    }),
  );
  return found.flat();
}
