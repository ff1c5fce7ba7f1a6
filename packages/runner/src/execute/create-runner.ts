import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { markSecretNames, markSecretsIn } from '@chaos/spec';
import type { RunnerOptions, RunOptions, RunResult, RunSelection, TestList } from '../run-options.js';
import { Terminated } from '../signals/termination.js';
import type { Execution } from './execution.js';
import { listTests } from './loading/list-tests.js';
import { runOnce } from './run-once.js';

/** Runs tests for the program that embeds it, as often as that wants, one run at a time. */
export interface Runner {
  /** True while a run is under way. */
  readonly isRunning: boolean;
  /**
   * Runs the tests; `selection` says which, and how, for this run alone: `{ ids }` runs some again, `{ filters }` or
   * `{ grep }` those that match, `{ config }` all with another configuration. Files are loaded anew each time.
   *
   * @throws Error while another run is under way
   * @throws UsageError for a selection that makes no sense
   * @throws EnvironmentError where this process may not open enough files, or start enough processes
   */
  run(selection?: RunSelection): Promise<RunResult>;
  /** The tests that {@link run} would run, and what is wrong with their files. */
  list(selection?: RunSelection): Promise<TestList>;
  /**
   * Ends the run that is under way, if any: tests are interrupted, faults healed, services taken down, reports written.
   * Resolves when nothing of it runs any more.
   */
  stop(reason?: string): Promise<void>;
  /** Emits an event with the tests that are running, and what each waits for. Does nothing without a run. */
  tellRunning(): Promise<void>;
}

/** The run that is under way. */
interface Current {
  readonly stop: AbortController;
  execution?: Execution;
  ended: Promise<unknown>;
}

/** Creates a runner with the defaults of its runs. Starts nothing. */
export function createRunner(options: RunnerOptions): Runner {
  let current: Current | undefined;
  return {
    get isRunning() {
      return current !== undefined;
    },
    async run(selection = {}) {
      if (current) throw new Error('Cannot run: another run of this runner is under way; await it, or stop() it first');
      const own: Current = { stop: new AbortController(), ended: Promise.resolve() };
      current = own;
      const running = runOnce(
        chosen(options, selection),
        own.stop.signal,
        (execution) => void (own.execution = execution),
      ).finally(() => (current = undefined));
      own.ended = running.catch(() => {});
      return running;
    },
    list: async (selection = {}) => listTests(chosen(options, selection)),
    async stop(reason = 'stop()') {
      current?.stop.abort(new Terminated('stop()', reason));
      await current?.ended;
    },
    async tellRunning() {
      await current?.execution?.tellRunning();
    },
  };
}

function chosen(options: RunnerOptions, selection: RunSelection): RunOptions {
  const config = selection.config ?? options.config;
  const all: RunOptions = {
    cwd: process.cwd(),
    argv: [],
    filters: [],
    projects: [],
    dependencies: true,
    faults: true,
    quarantine: true,
    passWithNoTests: false,
    lastRunFile: join(config.runner.outputDir, '.last-run.json'),
    reporters: [],
    version: options.version ?? ownVersion(),
    ...options,
    ...selection,
    config,
  };
  // Whoever embeds the runner need not know how secrets are kept out of reports.
  markSecretNames(all.config.secret);
  markSecretsIn([all.config.services, all.config.target, all.config.targets, all.config.metadata]);
  return all;
}

function ownVersion(): string {
  const manifest = createRequire(import.meta.url).resolve('@chaos/runner/package.json');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version;
}
