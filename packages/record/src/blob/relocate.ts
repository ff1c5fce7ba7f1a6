import { lstatSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Blob } from './scan-blob.js';

/**
 * Moves the places of a report (`file` keys) from where it was written to `rootDir`; `undefined` where nothing has to
 * move.
 */
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

/** Where an attachment of a report is; `undefined` for a path that leaves its folder, by itself or by a link. */
export function resourceOf({ file }: Blob, path: string): string | undefined {
  const folder = resolve(dirname(file), `${file.replace(/\.jsonl$/, '')}.resources`);
  const resource = resolve(folder, path);
  const inside = relative(folder, resource);
  if (inside === '' || inside.startsWith('..') || isAbsolute(inside) || path.includes('\0')) return undefined;
  // What was unpacked from somewhere may point anywhere. One that is missing is told by whoever reads it.
  let place = folder;
  for (const part of ['', ...inside.split(sep)]) {
    place = join(place, part);
    const known = lstatSync(place, { throwIfNoEntry: false });
    if (known !== undefined && !(place === resource ? known.isFile() : known.isDirectory())) return undefined;
  }
  return resource;
}
