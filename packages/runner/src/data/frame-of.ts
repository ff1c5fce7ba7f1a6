import type { Location } from '@chaos/spec';

/** A position in the form of a stack frame: editors and terminals turn it into a link. */
export function frameOf({ file, line, column }: Location): string {
  return `    at ${file}:${line}:${column}`;
}
