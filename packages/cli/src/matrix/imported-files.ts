import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isFile } from '../settings/is-file.js';

const RELATIVE = /\b(?:from|import|require)\s*\(?\s*['"](\.{1,2}\/[^'"]*)['"]/g;
const ENDS = ['', '.ts', '.tsx', '.mts', '.js', '.mjs', '/index.ts', '/index.js'];

/** A file, and those that it imports by a relative path, itself or through others: absolute, in no order. */
export function importedFiles(file: string, seen: Set<string> = new Set()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  const text = textOf(file);
  if (text === undefined) return seen;
  seen.add(file);
  for (const [, specifier = ''] of text.matchAll(RELATIVE)) {
    const found = find(resolve(dirname(file), specifier));
    if (found !== undefined) importedFiles(found, seen);
  }
  return seen;
}

// TypeScript is imported by the name that it will have.
function find(path: string): string | undefined {
  const source = path.replace(/\.([cm]?)js$/, '.$1ts');
  return [source, ...ENDS.map((end) => `${path}${end}`)].find(isFile);
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
