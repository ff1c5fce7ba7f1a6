import type { RetryOptions } from '@chaos/runner';

/** Options of `expect` in the configuration; milliseconds. */
export interface ExpectOptions {
  /** For `expect.poll`. */
  readonly timeout?: number;
  /** For `expect(…).toPass()`. */
  readonly toPass?: {
    /** Milliseconds; 0 = until the end of the test. */
    readonly timeout?: number;
    /** Pauses in milliseconds; the last one repeats. */
    readonly intervals?: readonly number[];
  };
}

/** Settings that projects and the whole configuration share; with Playwright's names. */
export interface CommonConfig {
  /** Folder of the tests; default: that of the configuration. */
  readonly testDir?: string;
  /**
   * Which files are test files: globs or regular expressions. Default: names that end in `.chaos`, `.spec` or `.test`.
   */
  readonly testMatch?: string | RegExp | readonly (string | RegExp)[];
  /** Files that are no test files, whatever `testMatch` says. */
  readonly testIgnore?: string | RegExp | readonly (string | RegExp)[];
  /** Tests whose titles and tags match run. */
  readonly grep?: RegExp | readonly RegExp[];
  /** Tests whose titles and tags match do not run. */
  readonly grepInvert?: RegExp | readonly RegExp[];
  /** Tests of one file may run at the same time, too. */
  readonly fullyParallel?: boolean;
  /** How often each test runs. */
  readonly repeatEach?: number;
  /** Timeout of one test, ms. */
  readonly timeout?: number;
  /** Folder of results and attachments. */
  readonly outputDir?: string;
  /** Tests that run at the same time: a number, or a share of the CPUs (`50%`). */
  readonly workers?: number | string;
  /** Defaults of `expect`. */
  readonly expect?: ExpectOptions;
  /** Anything that reports are to have. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Values of option fixtures. */
  readonly use?: Readonly<Record<string, unknown>>;
}

/** One project; settings that it omits come from the configuration. */
export interface ProjectOptions extends CommonConfig {
  /** Shown in reports, and chosen by `--project`. */
  readonly name?: string;
  /** Projects that run before, and have to pass. */
  readonly dependencies?: readonly string[];
  /** Project that runs after this one and all that depend on it. */
  readonly teardown?: string;
  /** Retries of a failed test: their number and manner. */
  readonly retries?: number | RetryOptions;
}

/**
 * `chaos.config.ts`: Playwright's names, and every setting of `chaos.yaml` in camelCase (`environments`, `services`,
 * `target`, `runner`…).
 */
export interface ChaosConfig extends CommonConfig {
  /** Retries of a failed test: their number and manner. */
  readonly retries?: number | RetryOptions;
  /** Of the whole run, in milliseconds. */
  readonly globalTimeout?: number;
  /** Modules whose function runs before all tests. */
  readonly globalSetup?: string | readonly string[];
  /** Modules whose function runs after all tests. */
  readonly globalTeardown?: string | readonly string[];
  /** A `test.only` fails the run. */
  readonly forbidOnly?: boolean;
  /** A test that passed only when tried again fails the run. */
  readonly failOnFlakyTests?: boolean;
  /** The run stops after so many failures; 0 = never. */
  readonly maxFailures?: number;
  /** Of which tests the folders are kept. */
  readonly preserveOutput?: 'always' | 'never' | 'failures-only';
  /** Slow files in the summary: at most `max`, from so many milliseconds on; `null` = none. */
  readonly reportSlowTests?: {
    /** Number of files; 0 = none. */
    readonly max?: number;
    /** Milliseconds. */
    readonly threshold?: number;
  } | null;
  /** Names or paths of reporters, with their options. */
  readonly reporter?: string | readonly (readonly [name: string] | readonly [name: string, options: object])[];
  /** Hides what tests print. */
  readonly quiet?: boolean;
  /** The `tsconfig.json` for paths and decorators; default: the nearest one. */
  readonly tsconfig?: string;
  /** `@name`, one or several: tags that every test gets before its own. */
  readonly tag?: string | readonly string[];
  /** Parts of git that go into `metadata`: `gitCommit` and `gitDiff`. Default: both in CI. */
  readonly captureGitInfo?: {
    /** Commit, branch and author. */
    readonly commit?: boolean;
    /** Changes that are not committed. */
    readonly diff?: boolean;
  };
  /** Names of settings and of variables of the target whose values no report shows. */
  readonly secret?: readonly string[];
  /** Several configurations of the same tests, or of others. */
  readonly projects?: readonly ProjectOptions[];
  /** Every setting of `chaos.yaml` in camelCase. */
  readonly [setting: string]: unknown;
}

/**
 * Types a configuration. Of several, later ones win; their `use`, `expect`, `metadata` and projects of the same name
 * are merged.
 */
export function defineConfig(config: ChaosConfig, ...more: readonly ChaosConfig[]): ChaosConfig {
  return more.reduce(
    (all, next) => ({
      ...merge(all, next),
      ...(next.projects && { projects: mergeProjects(all.projects ?? [], next.projects) }),
    }),
    config,
  );
}

function merge<T extends CommonConfig>(all: T, next: T): T {
  return {
    ...all,
    ...next,
    ...(next.expect && { expect: { ...all.expect, ...next.expect } }),
    ...(next.use && { use: { ...all.use, ...next.use } }),
    ...(next.metadata && { metadata: { ...all.metadata, ...next.metadata } }),
  };
}

function mergeProjects(all: readonly ProjectOptions[], next: readonly ProjectOptions[]): readonly ProjectOptions[] {
  const byName = new Map(all.map((project) => [project.name, project]));
  for (const project of next) byName.set(project.name, merge(byName.get(project.name) ?? {}, project));
  return [...byName.values()];
}
