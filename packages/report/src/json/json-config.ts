import type { RunEvent } from '@chaos/spec';
import type { JsonConfig } from './json-types.js';

type RunStart = Extract<RunEvent, { readonly type: 'run-start' }>;

const posix = (path: string): string => path.replaceAll('\\', '/');

/** Playwright's `config` of the report: every field it has, ours where they mean the same. */
export function jsonConfig({ config, argv, version, tests }: RunStart, configFile: string | undefined): JsonConfig {
  const { runner, rootDir } = config;
  const outputDir = posix(runner.outputDir);
  const projects = new Set(tests.map(({ project }) => project));
  return {
    argv,
    configFile: configFile === undefined ? undefined : posix(configFile),
    rootDir: posix(rootDir),
    failOnFlakyTests: false,
    forbidOnly: false,
    fullyParallel: true,
    globalSetup: null,
    globalTeardown: null,
    globalTimeout: runner.globalTimeoutMs,
    grep: {},
    grepInvert: null,
    maxFailures: 0,
    metadata: { ...config.metadata, actualWorkers: runner.workers },
    preserveOutput: 'always',
    quiet: false,
    reporter: [['json', {}]],
    reportSlowTests: { max: 5, threshold: 300_000 },
    shard: null,
    tags: [],
    updateSnapshots: 'missing',
    updateSourceMethod: 'patch',
    version,
    workers: runner.workers,
    webServer: null,
    projects: [...projects].map((name) => ({
      outputDir,
      repeatEach: 1,
      retries: runner.retries.count,
      metadata: {},
      id: name,
      name,
      testDir: posix(rootDir),
      testIgnore: runner.testIgnore,
      testMatch: runner.testMatch,
      timeout: runner.testTimeoutMs,
    })),
  };
}
