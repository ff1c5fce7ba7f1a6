import { readFileSync } from 'node:fs';

/** A file's text, or `undefined` if it cannot be read: in /proc and /sys that is an answer, not an error. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
