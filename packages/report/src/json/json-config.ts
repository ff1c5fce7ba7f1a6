import type { RunEvent } from '@chaos/spec';
import { projectLabel } from '../label/project-label.js';
import type { JsonConfig } from './json-types.js';

type RunStart = Extract<RunEvent, { readonly type: 'run-start' }>;

const posix = (path: string): string => path.replaceAll('\\', '/');

/** Playwright's `config` of the report: all its fields, filled from our settings of the same meaning. */
export function jsonConfig({ config, argv, version }: RunStart, configFile: string | undefined): JsonConfig {
  const { runner, rootDir } = config;
  return {
    argv,
    configFile: configFile === undefined ? undefined : posix(configFile),
    rootDir: posix(rootDir),
    failOnFlakyTests: runner.failOnFlakyTests,
    forbidOnly: runner.forbidOnly,
    fullyParallel: runner.projects.every(({ fullyParallel }) => fullyParallel),
    globalSetup: runner.globalSetup[0] ?? null,
    globalTeardown: runner.globalTeardown[0] ?? null,
    globalTimeout: runner.globalTimeoutMs,
    grep: {},
    // JSON.stringify turns a regular expression into an empty object.
    grepInvert: runner.grepInvert === undefined ? null : {},
    maxFailures: runner.maxFailures,
    metadata: { ...config.metadata, actualWorkers: runner.workers },
    preserveOutput: runner.preserveOutput,
    quiet: runner.quiet,
    reporter: runner.reporters,
    reportSlowTests: { max: runner.reportSlowTests.max, threshold: runner.reportSlowTests.thresholdMs },
    shard: runner.shard ?? null,
    tags: runner.tag,
    updateSnapshots: 'missing',
    updateSourceMethod: 'patch',
    version,
    workers: runner.workers,
    webServer: null,
    projects: runner.projects.map(
      ({
        name,
        testDir,
        testMatch,
        testIgnore,
        retries,
        testTimeoutMs,
        repeatEach,
        metadata,
        outputDir,
        workers,
        expect,
      }) => ({
        outputDir: posix(outputDir),
        repeatEach,
        retries,
        metadata,
        id: name,
        name: projectLabel(config, name),
        testDir: posix(testDir),
        testIgnore,
        testMatch,
        timeout: testTimeoutMs,
        chaos: { workers, expect },
      }),
    ),
  };
}
