import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const folder = join(tmpdir(), `chaos-transform-${process.getuid?.() ?? 0}`);

/** Where the output for this source is or will be: the key holds everything that it depends on. */
function cachePath(key: readonly string[]): string {
  const hash = createHash('sha1');
  for (const part of key) hash.update(part).update('\0');
  const name = hash.digest('hex');
  return join(folder, name.slice(0, 2), `${name.slice(2)}.js`);
}

/** The cached output, else what `make` returns, kept for the next process. A torn file cannot be seen: it is renamed into place whole. */
export function cached(key: readonly string[], make: () => string): string {
  const path = cachePath(key);
  try {
    return readFileSync(path, 'utf8');
  } catch {
    const output = make();
    const temporary = `${path}.${process.pid}`;
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(temporary, output, { mode: 0o600 });
      renameSync(temporary, path);
    } catch {
      // A full or read-only disk costs speed only.
      rmSync(temporary, { force: true });
    }
    return output;
  }
}
