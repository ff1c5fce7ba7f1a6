import { isMatch } from '../../data/pattern.js';
import type { PlannedTest } from '../planned-test.js';
import { matches, type FileFilter } from '../../modules/find/discover.js';

/** Selection of tests on the command line. */
export interface TestFilter {
  readonly filters: readonly FileFilter[];
  readonly grep?: RegExp | undefined;
  readonly grepInvert?: RegExp | undefined;
  /** If set, only these ids: tests that failed last, or a list. */
  readonly ids?: ReadonlySet<string> | undefined;
}

/** True if a test is selected: by file, by the line of it or of a group around it, by grep, and by id. */
export function isChosen(test: PlannedTest, { filters, grep, grepInvert, ids }: TestFilter): boolean {
  if (ids && !ids.has(test.id)) return false;
  const speaking = filters.filter((filter) => matches(test.file, filter));
  if (filters.length > 0 && speaking.length === 0) return false;
  const lined = speaking.length > 0 && speaking.every(({ line }) => line !== undefined);
  const places = [test.location, ...(test.groups ?? [])];
  const isNamed = ({ line, column }: FileFilter): boolean =>
    places.some((place) => line === place.line && (column === undefined || column === place.column));
  if (lined && !speaking.some(isNamed)) return false;
  const text = searchText(test);
  return (!grep || isMatch(grep, text)) && !(grepInvert && isMatch(grepInvert, text));
}

/** Text that grep patterns are matched against. */
export function searchText({ project, chaosId, category, path, titlePath, tags }: PlannedTest): string {
  return [project, chaosId, category, path, ...titlePath, ...tags].filter(Boolean).join(' ');
}
