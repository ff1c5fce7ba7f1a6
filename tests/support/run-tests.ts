import { testsByTitle, type JsonResult, type JsonTest } from './json-report.ts';
import { createProject } from './project.ts';
import { runChaos, type ChaosResult } from './run-chaos.ts';
import type { StartOptions } from './start-chaos.ts';

/** Beginning of every test file of a project here: `test`, `expect`, `mark` (read with `marks()`) and `delay`. */
export const HEAD = `
  import { test, expect } from '@chaos/test';
  import { appendFileSync } from 'node:fs';
  import { setTimeout as delay } from 'node:timers/promises';
  const mark = (line) => appendFileSync(process.env.MARKS, line + '\\n');
`;

/** A run of one file, and its tests by title. */
export interface TestsRun {
  readonly run: ChaosResult;
  get(title: string): JsonTest;
  /** The first attempt. */
  only(title: string): JsonResult;
  /** The messages of the first attempt's errors. */
  said(title: string): string;
  /** The hint of the first attempt's first error. */
  hint(title: string): string;
}

/** Runs tests in their own project: `a.chaos.ts` below {@link HEAD}, `chaos.yaml` and further files. */
export async function runTests(
  source: string,
  args: readonly string[] = [],
  config = '{}',
  files: Readonly<Record<string, string>> = {},
  options?: StartOptions,
): Promise<TestsRun> {
  const run = await runChaos(
    createProject({ 'chaos.yaml': config, 'a.chaos.ts': `${HEAD}${source}`, ...files }),
    ['run', ...args],
    options,
  );
  let tests: ReadonlyMap<string, JsonTest> | undefined;
  const get = (title: string): JsonTest => {
    tests ??= testsByTitle(run.report());
    const found = tests.get(title);
    if (!found) throw new Error(`No test "${title}" in ${[...tests.keys()].join(', ')}\n${run.output}`);
    return found;
  };
  const only = (title: string): JsonResult => get(title).results[0] as JsonResult;
  return {
    run,
    get,
    only,
    said: (title) =>
      only(title)
        .errors.map(({ message }) => message)
        .join('\n'),
    hint: (title) => only(title).error?.chaos?.hint ?? '',
  };
}
