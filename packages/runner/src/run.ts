import { createRunner } from './execute/create-runner.js';
import type { RunnerOptions, RunResult, TestList } from './run-options.js';

export { createRunner } from './execute/create-runner.js';
export { loadInTime } from './modules/load-in-time.js';
export { useTsconfig } from './modules/tsconfig.js';
export type { FedUnit, Feed, PlanData, Remote, RemoteChain, RemoteRun } from './elsewhere.js';
export type { Runner } from './execute/create-runner.js';
export type { OwnProcess, RunnerOptions, RunOptions, RunResult, RunSelection, TestList, Until } from './run-options.js';

/** Runs tests once and reports them; as `run()` of a {@link createRunner}. */
export function run(options: RunnerOptions): Promise<RunResult> {
  return createRunner(options).run();
}

/** The tests that {@link run} would run, and what is wrong with their files. */
export function list(options: RunnerOptions): Promise<TestList> {
  return createRunner(options).list();
}
