import { createRequire } from 'node:module';
import { join, dirname } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * File URL of a built module of this package, for an undo recipe: bundled code cannot derive it from its own location.
 */
export function packageEntry(file: string): string {
  const manifest = createRequire(import.meta.url).resolve('@chaos/services/package.json');
  return pathToFileURL(join(dirname(manifest), 'dist', file)).href;
}
