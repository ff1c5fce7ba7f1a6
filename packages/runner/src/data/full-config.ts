import type { ProjectConfig, ResolvedConfig } from '@chaos/spec';
import { parsePatterns } from './pattern.js';

/** A project as tests see it; Playwright's names. */
export interface FullProject {
  /** As reports show it; empty without projects. */
  readonly name: string;
  /** Projects that run before, and have to pass. */
  readonly dependencies: readonly string[];
  /** Project that runs after this one and all that depend on it. */
  readonly teardown: string | undefined;
  /** Tests whose titles and tags match run. */
  readonly grep: RegExp | readonly RegExp[];
  /** Tests whose titles and tags match do not run. */
  readonly grepInvert: RegExp | readonly RegExp[] | null;
  /** Anything that reports are to have. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Absolute: where its tests put their files. */
  readonly outputDir: string;
  /** Number of runs of each test. */
  readonly repeatEach: number;
  /** Values of option fixtures, including those of the whole configuration. */
  readonly use: Readonly<Record<string, unknown>>;
  /** Retries of a failed test, at most. */
  readonly retries: number;
  /** Limit of its tests that run at the same time; `undefined`: as many as there are workers. */
  readonly workers: number | undefined;
  /** Absolute folder of its tests. */
  readonly testDir: string;
  /** Patterns of its test files. */
  readonly testMatch: readonly string[];
  /** Files that are no test files of its. */
  readonly testIgnore: readonly string[];
  /** Milliseconds. */
  readonly timeout: number;
  /** Defaults for calls of `expect`, ms. */
  readonly expect: {
    readonly timeout: number;
    readonly toPass: { readonly timeout: number; readonly intervals: readonly number[] };
  };
}

/** The configuration as tests see it; Playwright's names, without browser settings. */
export interface FullConfig {
  /** Arguments of the command. */
  readonly argv: readonly string[];
  /** Folder that relative paths are relative to. */
  readonly rootDir: string;
  /** Absolute path of `chaos.config.*`, if any. */
  readonly configFile: string | undefined;
  /** Tests that run at the same time, at most. */
  readonly workers: number;
  /** As configured; the value of `--grep` is in `argv`. */
  readonly grep: RegExp | readonly RegExp[];
  /** Tests whose titles and tags match do not run. */
  readonly grepInvert: RegExp | readonly RegExp[] | null;
  /** Tags of every test. */
  readonly tags: readonly string[];
  /** At least one. */
  readonly projects: readonly FullProject[];
  /** The part of the tests that runs here. */
  readonly shard: { readonly current: number; readonly total: number } | null;
  /** A flaky test fails the run. */
  readonly failOnFlakyTests: boolean;
  /** A `test.only` fails the run. */
  readonly forbidOnly: boolean;
  /** Tests of one file may run at the same time, too. */
  readonly fullyParallel: boolean;
  /** Module that runs before all tests. */
  readonly globalSetup: string | null;
  /** Module that runs after all tests. */
  readonly globalTeardown: string | null;
  /** Milliseconds. */
  readonly globalTimeout: number;
  /** The run stops after so many failures; 0 = never. */
  readonly maxFailures: number;
  /** Anything that reports are to have. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Of which tests the folders are kept. */
  readonly preserveOutput: 'always' | 'never' | 'failures-only';
  /** Slow files in the summary: their number, and the limit. */
  readonly reportSlowTests: { readonly max: number; readonly threshold: number };
  /** Hides what tests print. */
  readonly quiet: boolean;
  /** Names or modules, with their options. */
  readonly reporter: readonly (readonly [name: string, options: Readonly<Record<string, unknown>>])[];
  /** Of chaos. */
  readonly version: string;
}

/** The part that is the same for all tests of a process. */
export interface FullConfigSource {
  readonly config: ResolvedConfig;
  readonly argv: readonly string[];
  readonly version: string;
  /** The values of `use` for a project. */
  readonly use: (project: string) => Readonly<Record<string, unknown>>;
}

const made = new WeakMap<ResolvedConfig, FullConfig>();

/** Computed when the first test asks for it. */
export function fullConfigOf({ config, argv, version, use }: FullConfigSource): FullConfig {
  const existing = made.get(config);
  if (existing) return existing;
  const { runner, rootDir, metadata } = config;
  const full: FullConfig = {
    argv,
    version,
    rootDir,
    shard: runner.shard ?? null,
    quiet: runner.quiet,
    reporter: runner.reporters,
    metadata,
    configFile: runner.configModule,
    workers: runner.workers,
    projects: runner.projects.map((project) =>
      fullProject(withGivenNames(project, runner.projects), use(project.name)),
    ),
    grep: patterns(runner.grep) ?? /.*/,
    grepInvert: patterns(runner.grepInvert) ?? null,
    tags: runner.tag,
    failOnFlakyTests: runner.failOnFlakyTests,
    forbidOnly: runner.forbidOnly,
    fullyParallel: runner.projects.every(({ fullyParallel }) => fullyParallel),
    globalSetup: runner.globalSetup[0] ?? null,
    globalTeardown: runner.globalTeardown[0] ?? null,
    globalTimeout: runner.globalTimeoutMs,
    maxFailures: runner.maxFailures,
    preserveOutput: runner.preserveOutput,
    reportSlowTests: { max: runner.reportSlowTests.max, threshold: runner.reportSlowTests.thresholdMs },
  };
  made.set(config, full);
  return full;
}

// As the configuration has them; `name` is what identifies a project here.
function withGivenNames(project: ProjectConfig, all: readonly ProjectConfig[]): ProjectConfig {
  const given = (needed: string): string => all.find(({ name }) => name === needed)?.givenName ?? needed;
  const { dependencies, teardown } = project;
  return { ...project, dependencies: dependencies.map(given), teardown: teardown && given(teardown) };
}

function fullProject(
  {
    givenName: name,
    outputDir,
    workers,
    dependencies,
    teardown,
    grep,
    grepInvert,
    metadata,
    repeatEach,
    retries,
    testDir,
    testMatch,
    testIgnore,
    testTimeoutMs,
    expect: { timeoutMs, toPass },
  }: ProjectConfig,
  use: FullProject['use'],
): FullProject {
  return {
    name,
    dependencies,
    teardown,
    grep: patterns(grep) ?? /.*/,
    grepInvert: patterns(grepInvert) ?? null,
    metadata,
    outputDir,
    repeatEach,
    use,
    retries,
    workers,
    testDir,
    testMatch,
    testIgnore,
    timeout: testTimeoutMs,
    expect: { timeout: timeoutMs, toPass: { timeout: toPass.timeoutMs, intervals: toPass.intervalsMs } },
  };
}

// As they were written: one, or a list.
function patterns(texts: readonly string[] | undefined): RegExp | readonly RegExp[] | undefined {
  const parsed = parsePatterns(texts);
  return parsed.length > 1 ? parsed : parsed[0];
}
