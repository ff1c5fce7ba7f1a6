import { existsSync, readFileSync } from 'node:fs';

/** The ```ts blocks of a README. */
export function readSnippets(readme) {
  if (!existsSync(readme)) return [];
  return [...readFileSync(readme, 'utf8').matchAll(/^```ts\n([^]*?)^```/gm)].map(([, snippet]) => snippet);
}
