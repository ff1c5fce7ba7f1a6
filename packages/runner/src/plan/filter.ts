import type { LoadedFile, LoadedTest } from '../ipc/messages.js';
import { matches, type FileFilter } from '../load/discover.js';

/** What the command line asks for. */
export interface TestFilter {
  readonly filters: readonly FileFilter[];
  readonly grep: RegExp | undefined;
  readonly grepInvert: RegExp | undefined;
}

/** The tests to run, in order of declaration: `only` first of all, then file:line, then grep over id, titles and tags. */
export function filterTests(files: readonly LoadedFile[], { filters, grep, grepInvert }: TestFilter): readonly { readonly file: LoadedFile; readonly tests: readonly LoadedTest[] }[] {
  const only = files.some(({ hasOnly }) => hasOnly);
  const lined = filters.filter(({ line }) => line !== undefined);
  return files.flatMap((file) => {
    const tests = file.tests.filter((test) => {
      if (only && !test.only) return false;
      const speaking = filters.filter((filter) => matches(file.file, filter));
      if (lined.length > 0 && speaking.length > 0 && speaking.every(({ line }) => line !== undefined)) {
        const { location } = test;
        if (!speaking.some(({ line, column }) => line === location.line && (column === undefined || column === location.column))) return false;
      }
      const text = [test.chaosId, test.category, ...test.titlePath, ...test.tags].filter(Boolean).join(' ');
      return (!grep || grep.test(text)) && !grepInvert?.test(text);
    });
    return tests.length > 0 ? [{ file, tests }] : [];
  });
}
