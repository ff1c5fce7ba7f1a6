import { resolve } from 'node:path';
import type { PlannedTest } from './planned-test.js';
import { matches, type FileFilter } from '../modules/discover.js';

/** Selection of tests on the command line. */
export interface TestFilter {
  readonly filters: readonly FileFilter[];
  readonly grep: RegExp | undefined;
  readonly grepInvert: RegExp | undefined;
  /** If set, only these ids: tests that failed last, or a list. */
  readonly ids: ReadonlySet<string> | undefined;
}

/** True if a test is selected: by `file:line`, by grep over project, id, titles and tags, and by id. */
export function isChosen(test: PlannedTest, { filters, grep, grepInvert, ids }: TestFilter): boolean {
  if (ids && !ids.has(test.id)) return false;
  const speaking = filters.filter((filter) => matches(test.file, filter));
  const lined = speaking.length > 0 && speaking.every(({ line }) => line !== undefined);
  const { location } = test;
  if (
    lined &&
    !speaking.some(({ line, column }) => line === location.line && (column === undefined || column === location.column))
  )
    return false;
  const text = searchText(test);
  return (!grep || grep.test(text)) && !grepInvert?.test(text);
}

/** Text that grep patterns are matched against. */
export function searchText(test: PlannedTest): string {
  return [test.project, test.chaosId, test.category, ...test.titlePath, ...test.tags].filter(Boolean).join(' ');
}

/**
 * True if a line of a test list names the test: its id, or `file[:line[:column]]`; also in the form of `--list`, with
 * `[project] › ` before and ` › titles` after the file.
 */
export function isListed(
  { id, file, location, project, titlePath }: PlannedTest,
  lines: readonly string[],
  cwd: string,
): boolean {
  return lines.some((line) => {
    if (line === id) return true;
    const [, ofProject, path = line, titles] = /^(?:\[([^\]]*)\] › )?(.*?)(?: › (.*))?$/.exec(line) ?? [];
    const [, name = path, at] = /^(.*?)(?::(\d+))?(?::\d+)?$/.exec(path) ?? [];
    const isTitled = titles === undefined || `${titlePath.join(' › ')} › `.startsWith(`${titles} › `);
    return (
      resolve(cwd, name) === file &&
      isTitled &&
      (ofProject === undefined || ofProject === project) &&
      (at === undefined || Number(at) === location.line)
    );
  });
}
