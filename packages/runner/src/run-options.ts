import type { Calibration } from '@chaos/env';
import type { Reporter, ResolvedConfig, RunStatus, SerializedError, ServiceCapability, TestCase } from '@chaos/spec';
import type { Feed, Remote } from './elsewhere.js';

/**
 * End of a run that repeats its tests: at the first failure, when each test is known to be stable or not, after so many
 * runs, or after this time.
 */
export type Until =
  | { readonly kind: 'fail' }
  | { readonly kind: 'stable' }
  | { readonly kind: 'runs'; readonly runs: number }
  | { readonly kind: 'duration'; readonly durationMs: number };

/** Options of a run. */
export interface RunOptions {
  readonly config: ResolvedConfig;
  readonly cwd: string;
  readonly argv: readonly string[];
  /** Paths, `file:line[:column]`, or regular expressions over paths. */
  readonly filters: readonly string[];
  readonly grep?: RegExp;
  readonly grepInvert?: RegExp;
  /** Only these test ids: tests that failed last, or a list. */
  readonly ids?: ReadonlySet<string>;
  /** Only tests in files of this set, or in files that import one of them (absolute paths). */
  readonly changed?: ReadonlySet<string>;
  /** Only (or all but) the tests named by these lines: an id, or `file:line`, relative to `cwd`. */
  readonly testList?: { readonly lines: readonly string[]; readonly invert: boolean };
  /** Names or wildcards; empty = all. */
  readonly projects: readonly string[];
  /** False: tests and groups marked with `only` are like any other. */
  readonly focus?: boolean;
  /** False: projects run without their dependencies. */
  readonly dependencies: boolean;
  /** Seed of a random order. */
  readonly shuffle?: string;
  /** Repeats tests until this condition, as fast as the workers can; without retries. */
  readonly until?: Until;
  /** A name in `config.target.variants`. */
  readonly variant?: string;
  /** False: `inject` does nothing. */
  readonly faults: boolean;
  /** False: tests in quarantine count like any other. */
  readonly quarantine: boolean;
  readonly passWithNoTests: boolean;
  /** File that gets the failed tests and those that did not run, in Playwright's format. */
  readonly lastRunFile: string;
  readonly reporters: readonly Reporter[];
  /** Called before the first service starts, if there is one to start. */
  readonly calibrate?: () => Promise<Calibration>;
  /** Capabilities that tests may require, besides the known ones of machines. */
  readonly capabilities?: readonly ServiceCapability[];
  /** Called when a reporter has failed: it gets no more events, and the run fails. The error is in the result, too. */
  readonly onReporterError?: (error: unknown) => void;
  /** Runs the tests elsewhere: this process plans and reports. */
  readonly remote?: Remote;
  /** Runs what it is handed, of a plan that was made elsewhere, instead of finding tests. */
  readonly feed?: Feed;
  /** Gives this process to the run. Default: the run takes no signal, no key and no error of the process it is in. */
  readonly ownProcess?: OwnProcess;
  readonly version: string;
}

/**
 * A process that belongs to the run, as that of a command does. SIGINT, SIGTERM, SIGHUP and the death of a wrapper
 * above end the run gracefully, SIGUSR1 and the key `t` ask which tests are running, uncaught errors are reported, and
 * a thread ends the process where code in it blocks the end of the run.
 */
export interface OwnProcess {
  /** Ends the process at once: a signal came for the second time. */
  exit(exitCode: number): void;
}

/**
 * Options of a runner. Only the configuration is needed: without the others all tests run, with faults, in `cwd` of
 * this process, and nobody is told.
 */
export type RunnerOptions = Pick<RunOptions, 'config'> & Partial<RunOptions>;

/** Tests to run. Anything that is left out is as the runner was created with. */
export type RunSelection = Partial<Omit<RunOptions, 'ownProcess' | 'cwd' | 'argv' | 'version'>>;

/** Tests that were found, and what kept others from being found. */
export interface TestList {
  readonly tests: readonly (TestCase & {
    /** What the target lacks for it: it would be skipped with this reason. */
    readonly unmet: string | undefined;
  })[];
  /** Errors of test files, each with its location. */
  readonly errors: readonly SerializedError[];
}

/** Result of a run. */
export interface RunResult {
  readonly status: RunStatus;
  /** One of spec's `ExitCode`. */
  readonly exitCode: number;
  /** Errors outside of tests: of test files that cannot be loaded, hooks, fixtures, reporters. */
  readonly errors: readonly SerializedError[];
}
