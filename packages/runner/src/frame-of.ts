import type { Location } from '@chaos/spec';

/** A place as a stack has it: editors and terminals make it a link. */
export function frameOf({ file, line, column }: Location): string {
  return `    at ${file}:${line}:${column}`;
}
