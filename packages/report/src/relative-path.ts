import { relative, sep } from 'node:path';

/** `file` relative to `rootDir`, with slashes. */
export function relativePath(rootDir: string, file: string): string {
  return relative(rootDir, file).split(sep).join('/');
}
