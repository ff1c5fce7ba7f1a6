import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError, type ProjectConfig } from '@chaos/spec';
import { isMatch, parsePattern } from '../../data/pattern.js';
import { assertOwnScript } from './own-script.js';
import { installedPath } from './installed-path.js';
import { matchGlob } from './match-glob.js';
import { scriptsBelow } from './walk.js';

/** A parsed positional argument of the command line. */
export interface FileFilter {
  readonly text: string;
  /** An existing file or folder, absolute; else a regular expression over the whole path. */
  readonly path: string | undefined;
  /** The folder of the installed package that the path is in, if it was named by one. */
  readonly installedIn?: string;
  readonly pattern: RegExp | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/**
 * Parses `dir`, `file`, `file:line[:column]` anywhere on the disk, the same in an installed package
 * (`@scope/package/dir`), else a regular expression. Throws `UsageError` for a bad one.
 */
export function parseFilter(text: string, cwd: string): FileFilter {
  const [, name = text, line, column] = /^(.*?)(?::(\d+))?(?::(\d+))?$/.exec(text) ?? [];
  const position = {
    line: line === undefined ? undefined : Number(line),
    column: column === undefined ? undefined : Number(column),
  };
  const path = resolve(cwd, name);
  if (exists(path)) return { text, path, pattern: undefined, ...position };
  const installed = installedPath(name, cwd);
  if (installed) return { text, path: installed.path, installedIn: installed.root, pattern: undefined, ...position };
  try {
    return { text, path: undefined, pattern: parsePattern(name) ?? new RegExp(name, 'i'), ...position };
  } catch (error) {
    throw new UsageError(`Cannot use the filter "${text}": it is no existing path and no regular expression`, {
      cause: error,
    });
  }
}

/**
 * The test files of a project, absolute and sorted. Paths may be anywhere; with only one project (`sole`), an
 * explicitly named file is taken whatever its name. Those of a named package are found in any project; `testIgnore`
 * applies below the folder of the package.
 */
export async function discover(
  project: Pick<ProjectConfig, 'testDir' | 'testMatch' | 'testIgnore'>,
  filters: readonly FileFilter[],
  sole: boolean,
): Promise<readonly string[]> {
  const named = filters.flatMap(({ path }) => (path === undefined ? [] : [path]));
  const files = new Set<string>();
  const roots = new Set(named.length === filters.length && named.length > 0 ? [] : [project.testDir]);
  const isTest = matcher(project);
  const packages = filters.flatMap(({ installedIn }) => (installedIn === undefined ? [] : [installedIn]));
  const isInstalled = (file: string): boolean => packages.some((folder) => inside(file, folder));
  for (const path of named) {
    const installed = isInstalled(path);
    if (!installed && !sole && !inside(path, project.testDir) && !inside(project.testDir, path)) continue;
    if (!statSync(path).isFile()) roots.add(path);
    else if (installed || sole || isTest(path)) files.add(path);
  }
  const below = (file: string): string => file.slice(packages.find((folder) => inside(file, folder))?.length ?? 0);
  const scripts = (await Promise.all([...roots].map(scriptsBelow))).flat();
  for (const file of scripts.filter((each) => isTest(each, below(each)))) {
    if (!sole && !inside(file, project.testDir) && !isInstalled(file)) continue;
    if (filters.length > 0 && !filters.some((filter) => matches(file, filter))) continue;
    assertOwnScript(file, project.testDir);
    files.add(file);
  }
  return [...files].sort();
}

/** True if the filter matches this file. */
export function matches(file: string, { path, pattern }: FileFilter): boolean {
  if (path !== undefined) return file === path || inside(file, path);
  return pattern !== undefined && isMatch(pattern, file);
}

/** True if one of the projects takes the file for a test file. */
export function isTestFile(
  file: string,
  projects: readonly Pick<ProjectConfig, 'testDir' | 'testMatch' | 'testIgnore'>[],
): boolean {
  return projects.some((project) => inside(file, project.testDir) && matcher(project)(file));
}

// Globs are matched against the path from the test folder, the whole path and the name; regular expressions against the
// whole path.
function matcher({
  testDir,
  testMatch,
  testIgnore,
}: Pick<ProjectConfig, 'testDir' | 'testMatch' | 'testIgnore'>): (file: string, shown?: string) => boolean {
  const compile = (patterns: readonly string[]): ((file: string) => boolean) => {
    const tests = patterns.map((pattern) => {
      const expression = parsePattern(pattern);
      return expression ? (file: string) => isMatch(expression, file) : matchGlob(pattern, testDir);
    });
    return (file) => tests.some((test) => test(file));
  };
  const match = compile(testMatch);
  const ignored = compile(testIgnore);
  return (file, shown = file) => match(file) && !ignored(shown);
}

function inside(path: string, folder: string): boolean {
  return path === folder || dirname(path) === folder || path.startsWith(`${folder}/`);
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
