import type { LoadedFile } from '../../ipc/messages.js';
import { matches, type FileFilter } from '../../modules/find/discover.js';
import { isChosen } from './filter.js';
import type { PlannedTest } from '../planned-test.js';
import type { TestList } from './test-list.js';

/**
 * Parts of a selection that name no test: positional arguments and lines of the test list. Each would be quiet beside
 * another part that names some. A file that cannot be loaded is told as an error of its own.
 */
export function unmatchedParts(
  tests: readonly PlannedTest[],
  filters: readonly FileFilter[],
  testList: TestList | undefined,
  files: ReadonlyMap<string, LoadedFile>,
): readonly string[] {
  const broken = [...files].flatMap(([file, { errors }]) => (errors.length > 0 ? [file] : []));
  const empty = filters.filter(
    (filter) =>
      !broken.some((file) => matches(file, filter)) && !tests.some((test) => isChosen(test, { filters: [filter] })),
  );
  const lines = broken.length > 0 ? [] : (testList?.unmatched(tests) ?? []);
  return [...empty.map(({ text }) => `"${text}"`), ...lines.map((line) => `"${line}" of the test list`)];
}
