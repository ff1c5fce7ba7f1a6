import { createRequire } from 'node:module';
import { join, dirname } from 'node:path';
import { pathToFileURL } from 'node:url';

/** File URL of a built module of this package, for an undo recipe: a bundled chunk does not know where it lies. */
export function packageEntry(file: string): string {
  const manifest = createRequire(import.meta.url).resolve('@chaos/services/package.json');
  return pathToFileURL(join(dirname(manifest), 'dist', file)).href;
}
