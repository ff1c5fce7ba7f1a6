import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Path of a built file of this package: a bundled chunk does not know where it lies. */
export function packageFile(file: string): string {
  return join(dirname(createRequire(import.meta.url).resolve('@chaos/net-tc/package.json')), 'dist', file);
}
