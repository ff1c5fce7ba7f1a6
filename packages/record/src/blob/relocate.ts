import { lstatSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Blob } from './scan-blob.js';

/** Moves the paths in a report (`file` keys) from its original folder to `rootDir`; `undefined` if none has to move. */
export function relocation(
  { rootDir: from, pathSeparator }: Blob['header'],
  rootDir: string,
): (<T>(value: T) => T) | undefined {
  if (from === rootDir && pathSeparator === sep) return undefined;
  const moved = (file: string): string => {
    if (file !== from && !file.startsWith(from + pathSeparator)) return file;
    return join(rootDir, ...file.slice(from.length).split(pathSeparator));
  };
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        key === 'file' && typeof inner === 'string' ? moved(inner) : walk(inner),
      ]),
    );
  };
  return walk as <T>(value: T) => T;
}

/**
 * Path of an attachment of a report; `undefined` if it would leave the report's folder, by itself or through a link.
 */
export function resourceOf({ file }: Blob, path: string): string | undefined {
  const folder = resolve(dirname(file), `${file.replace(/\.jsonl$/, '')}.resources`);
  const resource = resolve(folder, path);
  const inside = relative(folder, resource);
  if (inside === '' || inside.startsWith('..') || isAbsolute(inside) || path.includes('\0')) return undefined;
  // Check links: an unpacked archive may link anywhere. A missing file is reported by the code that reads it.
  let place = folder;
  for (const part of ['', ...inside.split(sep)]) {
    place = join(place, part);
    const known = lstatSync(place, { throwIfNoEntry: false });
    if (known !== undefined && !(place === resource ? known.isFile() : known.isDirectory())) return undefined;
  }
  return resource;
}
