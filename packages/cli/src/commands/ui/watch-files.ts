import { readdirSync, watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

/** Changes within this time are told together, ms: an editor writes a file in several steps. */
const TOGETHER_MS = 250;
const UNWATCHED = /^(?:\.|node_modules$|dist$)/;
const SOURCE = /\.(?:[cm]?[jt]sx?|json|ya?ml|sql|lua)$/;

/**
 * Calls back with the source files that changed below a folder, absolute; not those of packages, of builds and of
 * results. Returns a function that ends it.
 */
export function watchFiles(
  rootDir: string,
  outputDir: string,
  onChange: (files: readonly string[]) => void,
): () => void {
  const watchers = new Map<string, FSWatcher>();
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    const files = [...changed];
    changed.clear();
    onChange(files);
  };
  const follow = (folder: string): void => {
    if (folder === outputDir || watchers.has(folder)) return;
    try {
      const entries = readdirSync(folder, { withFileTypes: true });
      const watcher = watch(folder, { persistent: false }, (_, name) => {
        if (name === null || UNWATCHED.test(name)) return;
        const path = join(folder, name);
        follow(path);
        if (!SOURCE.test(name)) return;
        changed.add(path);
        clearTimeout(timer);
        timer = setTimeout(tell, TOGETHER_MS);
      });
      watcher.on('error', () => {
        watcher.close();
        watchers.delete(folder);
      });
      watchers.set(folder, watcher);
      for (const entry of entries)
        if (entry.isDirectory() && !UNWATCHED.test(entry.name)) follow(join(folder, entry.name));
    } catch {
      // It is a file, or was removed in the meantime.
    }
  };
  follow(rootDir);
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers.values()) watcher.close();
  };
}
