import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the sources of a program show at a glance. */
export interface SourceFacts {
  /** Environment variables that they read. */
  readonly variables: ReadonlySet<string>;
  /** Paths without parameters that they answer with GET. */
  readonly routes: readonly string[];
}

const SOURCE = /\.[cm]?[jt]s$/;
const NO_PROGRAM =
  /(^\.|^node_modules$|^(dist|build|coverage|chaos|chaos-results|tests?|__tests__)$|\.(test|spec|chaos|config)\.|\.d\.[cm]?ts$)/;
const BUILT = /^(dist|build)$/;
const MOST_FILES = 500;
const VARIABLE = /\b(?:process\.)?env(?:\.([A-Z][A-Z0-9_]*)\b|\[['"]([A-Z][A-Z0-9_]*)['"]\])/g;
const ROUTE = /\.get\s*(?:<[^()]*>)?\(\s*['"`](\/[^'"`]*)['"`]/g;
const DECORATED = /@Get\(\s*['"`]([^'"`]*)['"`]/g;
// A program without a framework compares the path itself.
const COMPARED = /\b(?:url|pathname|path)\s*===?\s*['"`](\/[^'"`]*)['"`]/g;

/**
 * Looks through the sources below a folder, without those of tests; what is built counts only with `built`, as in a
 * package that has nothing else.
 */
export function readSources(folder: string, { built = false }: { readonly built?: boolean } = {}): SourceFacts {
  const variables = new Set<string>();
  const routes = new Set<string>();
  for (const file of sourcesBelow(folder, built).slice(0, MOST_FILES)) {
    const text = readFileSync(file, 'utf8');
    for (const [, dotted, quoted] of text.matchAll(VARIABLE)) variables.add(dotted ?? quoted ?? '');
    for (const pattern of [ROUTE, DECORATED, COMPARED])
      for (const [, path = ''] of text.matchAll(pattern)) routes.add(path.startsWith('/') ? path : `/${path}`);
  }
  return { variables, routes: [...routes].filter((path) => !/[:*{$]/.test(path)) };
}

function sourcesBelow(folder: string, built: boolean): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !NO_PROGRAM.test(name) || (built && BUILT.test(name)))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sourcesBelow(path, built);
      return entry.isFile() && SOURCE.test(entry.name) ? [path] : [];
    });
}
