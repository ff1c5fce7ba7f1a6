import { testsByTitle, type JsonResult, type JsonTest } from './json-report.ts';
import { createProject } from './project.ts';
import { runChaos, type ChaosResult } from './run-chaos.ts';

/** What every test file of a project begins with here: `test`, `expect`, `mark` (read with `marks()`) and `delay`. */
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
}

/** Runs tests in a project of their own: `a.chaos.ts` below {@link HEAD}, `chaos.yaml` and whatever else is given. */
export async function runTests(source: string, args: readonly string[] = [], config = '{}', files: Readonly<Record<string, string>> = {}): Promise<TestsRun> {
  const run = await runChaos(createProject({ 'chaos.yaml': config, 'a.chaos.ts': `${HEAD}${source}`, ...files }), ['run', ...args]);
  let tests: ReadonlyMap<string, JsonTest> | undefined;
  const get = (title: string): JsonTest => {
    tests ??= testsByTitle(run.report());
    const found = tests.get(title);
    if (!found) throw new Error(`No test "${title}" in ${[...tests.keys()].join(', ')}\n${run.output}`);
    return found;
  };
  return { run, get, only: (title) => get(title).results[0] as JsonResult };
}
