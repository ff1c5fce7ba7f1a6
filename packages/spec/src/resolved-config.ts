import type { Json } from './json.js';

/** Size class of the machine: high = ≥ 8 CPUs and ≥ 16 GiB, medium = ≥ 4 and ≥ 8, else low. */
export type HardwareProfile = 'low' | 'medium' | 'high';

/** The load of one environment, scaled to the machine. */
export interface LoadParameters {
  /** Operations that a load keeps under way at the same time. */
  readonly concurrentRequests: number;
  /** Budget of one request, in milliseconds. */
  readonly timeoutMs: number;
  /** Connections in the target's pool. */
  readonly connectionPoolSize: number;
  /** Retries of a failed test, unless `runner.retries.count` is set. */
  readonly retryAttempts: number;
  /** Rounds of a test that repeats something. */
  readonly iterations: number;
  /** Rows of test data. */
  readonly dataRows: number;
  /** Time to live of cached values, in milliseconds. */
  readonly cacheTtlMs: number;
  /** Random delay before each operation of a load, at most so many milliseconds. */
  readonly jitterMs: number;
  /** Operations of `load.warmUp()`. */
  readonly warmupOperations: number;
}

/** A service that is started for each slot, an external one, or a dependency that nobody starts. */
export interface ServiceConfig {
  /** URL of an external server that replaces ours; faults that need its process are refused then. */
  readonly url: string | undefined;
  /** Budget for getting ready, or for being reached. */
  readonly startTimeoutMs: number;
  /** For a dependency that chaos does not start: how it is spoken to. */
  readonly speaks?: 'tcp' | 'http';
  /** Module of the {@link ServiceDefinition} of a user's own, absolute; absent where it ships with chaos. */
  readonly definition?: string;
}

/** The sign by which the program under test shows that it is ready. */
export type ReadyCheck =
  /** A GET of this path on `{port}` answers with 2xx. */
  | { readonly path: string }
  /** It has printed a line with this text, or one that matches `/…/`. */
  | { readonly log: string }
  /** It listens on `{port}`. */
  | { readonly port: true }
  /** This command exits with 0; placeholders as in `env`. */
  | { readonly command: readonly [string, ...string[]] }
  /** This query returns a row, in the target's PostgreSQL. */
  | { readonly sql: string }
  /** It has run for so long. */
  | { readonly aliveMs: number };

/** A program under test that runs already, and that chaos does not start. */
export interface ExternalTarget {
  /** URL at which it answers, without a trailing slash. */
  readonly url: string;
  /** Its process: on this machine, on `host`, or in `pod`. */
  readonly pid?: number;
  /** Its Docker container: of this machine, or of `host`. */
  readonly container?: string;
  /** Destination for ssh: `user@host`, or a name of its configuration. */
  readonly host?: string;
  /** Its pod in Kubernetes. */
  readonly pod?: string;
  /** Namespace of `pod`. */
  readonly namespace?: string;
}

/** The program under test. */
export interface TargetConfig {
  /** Its place, if it runs already; then there is no `command`. */
  readonly external?: ExternalTarget | undefined;
  /** argv; placeholders as in `env`. `undefined`: there is no target, tests that need one are refused. */
  readonly command: readonly [string, ...string[]] | undefined;
  /** Run in each slot before the first start, such as migrations; placeholders as in `env`. */
  readonly setup: readonly [string, ...string[]] | undefined;
  /** Absolute. */
  readonly cwd: string;
  /** Values may hold {port} {connection_pool_size} {timeout_ms}, and of a service {name.url} {name.host}… */
  readonly env: Readonly<Record<string, string>>;
  /** Each start, and the setup, may take `timeoutMs`. */
  readonly ready: ReadyCheck & { readonly timeoutMs: number };
  /** When a reset starts it again: if it is down or ill, always, or never (then the slot is rebuilt). */
  readonly restart: 'on-fault' | 'each-test' | 'never';
  /** Module of the {@link TargetDriver}, absolute. */
  readonly driver: string | undefined;
  /** Name → environment variables on top of `env`. */
  readonly variants: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Services it depends on, each behind a link. Derived from the placeholders in `env` and `command`. */
  readonly services: readonly string[];
}

/** One of several programs under test. */
export interface ProgramConfig extends TargetConfig {
  /** Number of its copies that run at the same time. */
  readonly replicas: number;
  /** Programs that it reaches through links of its own. */
  readonly reaches: readonly string[];
}

/**
 * Retry policy of failed tests: at once or after all other tests; in their worker, in a fresh one, or in a fresh one
 * while nothing else runs.
 */
export interface RetryPolicy {
  /** Most retries of a failed test. */
  readonly count: number;
  /** Pause before the next attempt, in milliseconds. */
  readonly delayMs: number;
  /** At once, or after all other tests. */
  readonly placement: 'immediate' | 'end';
  /** In the same worker, in a fresh one, or in a fresh one while nothing else runs. */
  readonly isolation: 'same' | 'fresh' | 'alone';
  /** The delay grows by this factor with each attempt. */
  readonly backoff: number;
  /** The time-outs grow by this factor with each attempt. */
  readonly timeoutFactor: number;
  /** 0…1: each delay is spread by ± this share. */
  readonly jitter: number;
}

/** Tests of a run that share settings and run after the projects that they depend on. */
export interface ProjectConfig {
  /** Unique in the run: reports identify projects by it. */
  readonly name: string;
  /** Name in the configuration; several projects may share it. */
  readonly givenName: string;
  readonly testDir: string;
  readonly testMatch: readonly string[];
  readonly testIgnore: readonly string[];
  readonly dependencies: readonly string[];
  readonly teardown: string | undefined;
  readonly retries: number;
  readonly retryPolicy: RetryPolicy;
  readonly testTimeoutMs: number;
  readonly repeatEach: number;
  /** Repetitions where it runs because another project needs it: without those of the command line. */
  readonly repeatEachAsDependency: number;
  readonly fullyParallel: boolean;
  /** Regular expressions as `/source/flags`; one of them has to match. `undefined`: all tests. */
  readonly grep: readonly string[] | undefined;
  /** None of them may match. */
  readonly grepInvert: readonly string[] | undefined;
  readonly metadata: Readonly<Record<string, Json>>;
  readonly expect: RunnerConfig['expect'];
  /** Absolute: where its tests put their files. */
  readonly outputDir: string;
  /** Most of its jobs that may run at the same time. */
  readonly workers: number | undefined;
}

/** The runner's own settings. */
export interface RunnerConfig {
  /** Tests that run at the same time, at most. */
  readonly workers: number;
  /** By name: the most that the weights of tests running at the same time may add up to. */
  readonly capacities: Readonly<Record<string, number>>;
  /** Budget of one test, before scaling by `deadlineFactor`. */
  readonly testTimeoutMs: number;
  /** Budget of the whole run; 0 = none. */
  readonly globalTimeoutMs: number;
  /** Budget of each reporter for its end, when the run is over; 0 = none. */
  readonly reporterTimeoutMs: number;
  /** The way in which failed tests are tried again. */
  readonly retries: RetryPolicy;
  /** Share of inconclusive tests, 0…1, above which the run fails. */
  readonly maxInconclusive: number;
  /** A test without a purpose is an error. */
  readonly requirePurpose: boolean;
  /** A call of an operation that the test does not have in `needs` fails it. */
  readonly requireNeeds: boolean;
  /** The fate of a test that leaves something open. */
  readonly leaks: 'off' | 'annotate' | 'fail';
  /** Absolute. */
  readonly outputDir: string;
  /** The source of every random choice. */
  readonly seed: string;
  /** Tests that are known to fail, from their file. */
  readonly quarantine:
    | {
        readonly file: string;
        readonly cap: number;
        readonly entries: readonly {
          readonly id: string;
          readonly owner: string;
          readonly reason: string;
          readonly expires: string;
          readonly place: string;
        }[];
      }
    | undefined;
  /** Hides the output of tests. */
  readonly quiet: boolean;
  /** The `tsconfig.json` for paths and decorators; `undefined`: the nearest one. */
  readonly tsconfig: string | undefined;
  /** Names or modules, with their options. */
  readonly reporters: readonly (readonly [name: string, options: Readonly<Record<string, unknown>>])[];
  /** Defaults of `expect`. */
  readonly expect: {
    readonly timeoutMs: number;
    readonly toPass: { readonly timeoutMs: number; readonly intervalsMs: readonly number[] };
  };
  /** A `test.only` fails the run. */
  readonly forbidOnly: boolean;
  /** A flaky test fails the run. */
  readonly failOnFlakyTests: boolean;
  /** The run stops after so many failures; 0 = never. */
  readonly maxFailures: number;
  /** The part of the tests that runs here. */
  readonly shard: { readonly current: number; readonly total: number } | undefined;
  /** Of which tests the folders are kept. */
  readonly preserveOutput: 'always' | 'never' | 'failures-only';
  /** The records of runs that are kept in `.chaos/runs/`; `maxRuns` 0 = none. */
  readonly history: { readonly maxRuns: number; readonly maxBytes: number };
  /** Number of slow files that the summary names, and the time from which one is slow. */
  readonly reportSlowTests: { readonly max: number; readonly thresholdMs: number };
  /** Modules, absolute. */
  readonly globalSetup: readonly string[];
  /** Modules, absolute. */
  readonly globalTeardown: readonly string[];
  /** As in {@link ProjectConfig}, of the whole run. */
  readonly grep: readonly string[] | undefined;
  /** As in {@link ProjectConfig}, of the whole run. */
  readonly grepInvert: readonly string[] | undefined;
  /** Tags that every test gets, before its own. */
  readonly tag: readonly string[];
  /** Git data to store in the metadata. */
  readonly captureGitInfo: {
    readonly commit: boolean;
    readonly diff: boolean;
  };
  /** At least one; without `projects` its name is ''. */
  readonly projects: readonly ProjectConfig[];
  /** `chaos.config.*`, if any: workers take the values of `use` from it. */
  readonly configModule: string | undefined;
}

/** Source of a value, and for files the position in them. */
export interface Provenance {
  readonly layer:
    'command line' | 'environment variable' | 'chaos.config.ts' | 'chaos.yaml' | 'chaos.tuned.yaml' | 'default';
  /** `CHAOS_POOL_SIZE`, `chaos.yaml:3:12`, `--workers`… */
  readonly source: string;
}

/** Everything that configures a run, resolved once: no later code applies defaults. */
export interface ResolvedConfig extends LoadParameters {
  /** Name of the environment: `ci`, `local-development`, or one of the configuration. */
  readonly environment: string;
  /** The machine, in classes. */
  readonly profile: HardwareProfile;
  /** Factor by which base values of the load were scaled. */
  readonly loadMultiplier: number;
  /** Factor that stretches every deadline: `clamp(contention / speed, 1, 8)` from calibration. 1 before calibration. */
  readonly deadlineFactor: number;
  /** Percent. */
  readonly passRates: { readonly target: number; readonly acceptable: number };
  /** How the machine is watched, and what an overload means. */
  readonly monitor: { readonly intervalMs: number; readonly policy: 'annotate' | 'fail' | 'ignore' };
  /** By name. */
  readonly services: Readonly<Record<string, ServiceConfig>>;
  /** The program under test; of several the first one, with the services of all. */
  readonly target: TargetConfig;
  /** Several programs under test, by name, in the order of their start; empty with a single one. */
  readonly targets: Readonly<Record<string, ProgramConfig>>;
  /** The means that break links, and whether slots have a network namespace of their own. */
  readonly network: { readonly backend: 'auto' | 'proxy' | 'tc'; readonly sandbox: 'auto' | 'on' | 'off' };
  /** How tests are found, ordered, timed and tried again. */
  readonly runner: RunnerConfig;
  /** Absolute folder that relative paths are relative to: where `chaos.yaml` is, else the working folder. */
  readonly rootDir: string;
  /** Names of settings and variables whose values are secrets, beside those that are named like one. */
  readonly secret: readonly string[];
  /** Anything that reports are to have. */
  readonly metadata: Readonly<Record<string, Json>>;
  /** By dotted camelCase path of the value, `runner.workers`. */
  readonly provenance: Readonly<Record<string, Provenance>>;
}
