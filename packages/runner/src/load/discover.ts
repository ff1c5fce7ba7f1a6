import { statSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import picomatch from 'picomatch';
import { glob } from 'tinyglobby';
import type { ResolvedConfig } from '@chaos/spec';

/** A positional argument of the command line, understood. */
export interface FileFilter {
  readonly text: string;
  /** An existing file or folder, absolute; else a regular expression over the whole path. */
  readonly path: string | undefined;
  readonly pattern: RegExp | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/** Understands `dir`, `file`, `file:line[:column]` anywhere on the disk, else a regular expression. Throws `RangeError` for a bad one. */
export function parseFilter(text: string, cwd: string): FileFilter {
  const [, name = text, line, column] = /^(.*?)(?::(\d+))?(?::(\d+))?$/.exec(text) ?? [];
  const position = { line: line === undefined ? undefined : Number(line), column: column === undefined ? undefined : Number(column) };
  const path = resolve(cwd, name);
  if (exists(path)) return { text, path, pattern: undefined, ...position };
  try {
    return { text, path: undefined, pattern: new RegExp(name, 'i'), ...position };
  } catch (error) {
    throw new RangeError(`Cannot use the filter "${text}": it is no existing path and no regular expression`, { cause: error });
  }
}

/** The test files of a run, absolute and sorted. A file that is named outright is taken whatever it is called. */
export async function discover(config: ResolvedConfig, filters: readonly FileFilter[], cwd: string): Promise<readonly string[]> {
  const named = filters.filter(({ path }) => path !== undefined);
  const files = new Set<string>();
  const roots = named.length === filters.length && named.length > 0 ? [] : [config.rootDir, ...(inside(cwd, config.rootDir) ? [] : [cwd])];
  for (const { path } of named) {
    if (path === undefined) continue;
    if (statSync(path).isFile()) files.add(path);
    else roots.push(path);
  }
  const found = await Promise.all(roots.map((root) => globIn(root, config)));
  for (const file of found.flat()) {
    if (filters.length === 0 || filters.some((filter) => matches(file, filter))) files.add(file);
  }
  return [...files].sort();
}

/** True when the filter speaks of this file. */
export function matches(file: string, { path, pattern }: FileFilter): boolean {
  if (path !== undefined) return file === path || inside(file, path);
  return pattern?.test(file) ?? false;
}

async function globIn(root: string, config: ResolvedConfig): Promise<readonly string[]> {
  const ignore = ['**/node_modules/**', '**/dist/**', '**/.git/**', '**/chaos-results/**', ...config.runner.testIgnore];
  const match = picomatch([...config.runner.testMatch], { dot: true });
  const files = await glob(['**/*.@(ts|tsx|js|mts|mjs|cts|cjs)'], { cwd: root, ignore, absolute: true, dot: false, followSymbolicLinks: false });
  return files.filter((file) => match(relative(root, file)) || match(basename(file)));
}

function inside(path: string, folder: string): boolean {
  return path === folder || dirname(path) === folder || path.startsWith(`${folder}/`);
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
