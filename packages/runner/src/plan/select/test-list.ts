import { resolve } from 'node:path';
import type { PlannedTest } from '../planned-test.js';

interface Entry {
  readonly line: string;
  readonly project: string | undefined;
  readonly titles: string | undefined;
  readonly at: number | undefined;
}

/**
 * A test list: each line names tests by an id, or by `file[:line[:column]]`; also in the form of `--list`, with
 * `[project] › ` before and ` › titles` after the file.
 */
export class TestList {
  readonly #lines: readonly string[];
  readonly #ids: ReadonlySet<string>;
  readonly #byFile = new Map<string, Entry[]>();

  constructor(lines: readonly string[], cwd: string) {
    this.#lines = lines;
    this.#ids = new Set(lines);
    for (const line of lines) {
      const [, project, path = line, titles] = /^(?:\[([^\]]*)\] › )?(.*?)(?: › (.*))?$/.exec(line) ?? [];
      const [, name = path, at] = /^(.*?)(?::(\d+))?(?::\d+)?$/.exec(path) ?? [];
      const file = resolve(cwd, name);
      const entries = this.#byFile.get(file) ?? [];
      this.#byFile.set(file, entries);
      entries.push({ line, project, titles, at: at === undefined ? undefined : Number(at) });
    }
  }

  /** True if a line names the test. */
  has(test: PlannedTest): boolean {
    return this.#ids.has(test.id) || (this.#byFile.get(test.file) ?? []).some((entry) => names(entry, test));
  }

  /** Lines that name none of these tests. */
  unmatched(tests: readonly PlannedTest[]): readonly string[] {
    const matched = new Set<string>();
    for (const test of tests) {
      matched.add(test.id);
      for (const entry of this.#byFile.get(test.file) ?? []) if (names(entry, test)) matched.add(entry.line);
    }
    return this.#lines.filter((line) => !matched.has(line));
  }
}

function names({ project, titles, at }: Entry, test: PlannedTest): boolean {
  return (
    (project === undefined || project === test.project) &&
    (at === undefined || at === test.location.line) &&
    (titles === undefined || `${test.titlePath.join(' › ')} › `.startsWith(`${titles} › `))
  );
}
