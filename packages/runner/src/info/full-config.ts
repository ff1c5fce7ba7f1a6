import type { ProjectConfig, ResolvedConfig } from '@chaos/spec';
import { parsePattern } from '../pattern.js';

/** A project as tests see it; Playwright's names. */
export interface FullProject {
  readonly name: string;
  readonly dependencies: readonly string[];
  readonly teardown: string | undefined;
  readonly grep: RegExp;
  readonly grepInvert: RegExp | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly outputDir: string;
  readonly repeatEach: number;
  /** Values of option fixtures, including those of the whole configuration. */
  readonly use: Readonly<Record<string, unknown>>;
  readonly retries: number;
  /** Limit of its tests that run at the same time; `undefined`: as many as there are workers. */
  readonly workers: number | undefined;
  readonly testDir: string;
  readonly testMatch: readonly string[];
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
  readonly argv: readonly string[];
  readonly rootDir: string;
  readonly configFile: string | undefined;
  readonly workers: number;
  /** As configured; the value of `--grep` is in `argv`. */
  readonly grep: RegExp;
  readonly grepInvert: RegExp | null;
  /** Tags of every test. */
  readonly tags: readonly string[];
  readonly projects: readonly FullProject[];
  readonly shard: { readonly current: number; readonly total: number } | null;
  readonly failOnFlakyTests: boolean;
  readonly forbidOnly: boolean;
  readonly fullyParallel: boolean;
  readonly globalSetup: string | null;
  readonly globalTeardown: string | null;
  /** Milliseconds. */
  readonly globalTimeout: number;
  readonly maxFailures: number;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly preserveOutput: 'always' | 'never' | 'failures-only';
  readonly reportSlowTests: { readonly max: number; readonly threshold: number };
  readonly quiet: boolean;
  readonly reporter: readonly (readonly [name: string, options: Readonly<Record<string, unknown>>])[];
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
    projects: runner.projects.map((project) => fullProject(project, use(project.name))),
    grep: pattern(runner.grep) ?? /.*/,
    grepInvert: pattern(runner.grepInvert) ?? null,
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
    grep: pattern(grep) ?? /.*/,
    grepInvert: pattern(grepInvert) ?? null,
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

function pattern(text: string | undefined): RegExp | undefined {
  return text === undefined ? undefined : parsePattern(text);
}
