import { readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { lastFailed } from '@chaos/record';
import type { RunOptions } from '@chaos/runner/run';
import { UsageError, type ResolvedConfig } from '@chaos/spec';
import { changedFiles } from './changed-files.js';
import { checkVariant } from './check-variant.js';
import { configFiles } from './config-files.js';
import type { CliContext } from '../context.js';
import { pattern, until } from './flag-values.js';
import type { RunFlags } from '../flags.js';
import { version } from '../version.js';

/** Options for the runner, except reporters. Throws UsageError for invalid values. */
export function runOptions(
  filters: readonly string[],
  flags: Partial<RunFlags>,
  config: ResolvedConfig,
  { cwd, argv, env }: CliContext,
): Omit<RunOptions, 'reporters'> {
  const lastRunFile = resolve(
    cwd,
    flags.lastFailedFile ??
      env['CHAOS_LAST_RUN_OUTPUT_FILE'] ??
      env['PLAYWRIGHT_LAST_RUN_OUTPUT_FILE'] ??
      join(config.runner.outputDir, '.last-run.json'),
  );
  return {
    config,
    cwd,
    argv,
    filters,
    ...(flags.grep === undefined ? {} : { grep: pattern('--grep', flags.grep) }),
    ...(flags.grepInvert === undefined ? {} : { grepInvert: pattern('--grep-invert', flags.grepInvert) }),
    ...checkVariant(flags.variant, config),
    faults: flags.faults ?? true,
    passWithNoTests: flags.passWithNoTests === true,
    projects: flags.project ?? [],
    dependencies: flags.deps ?? true,
    quarantine: flags.quarantine ?? true,
    ...(flags.shuffle === undefined ? {} : { shuffle: flags.shuffle === true ? config.runner.seed : flags.shuffle }),
    ...(flags.until === undefined ? {} : { until: until(flags.until) }),
    ...testListOf(flags, cwd),
    ...changedOf(flags, config, cwd),
    lastRunFile,
    ...(flags.lastFailed === true ? { ids: lastFailedOf(lastRunFile) } : {}),
    version: version(),
  };
}

// Every test depends on the configuration.
function changedOf(
  { onlyChanged, config: asked }: Partial<RunFlags>,
  { rootDir, runner }: ResolvedConfig,
  cwd: string,
): Pick<RunOptions, 'changed'> {
  if (onlyChanged === undefined) return {};
  const changed = changedFiles(onlyChanged === true ? undefined : onlyChanged, rootDir);
  const { configFile } = configFiles({ ...(asked !== undefined && { config: asked }) }, cwd);
  return [configFile, runner.configModule].some((file) => file !== undefined && changed.has(file)) ? {} : { changed };
}

function lastFailedOf(file: string): ReadonlySet<string> {
  const ids = lastFailed(file);
  if (!ids)
    throw new UsageError(`Cannot run what failed last time: ${dirname(file)} holds no run (${basename(file)})`, {
      hint: 'Run without --last-failed first, or say --output or --last-failed-file.',
    });
  return ids;
}

function testListOf({ testList, testListInvert }: Partial<RunFlags>, cwd: string): Pick<RunOptions, 'testList'> {
  const file = testList ?? testListInvert;
  if (file === undefined) return {};
  if (testList !== undefined && testListInvert !== undefined)
    throw new UsageError('Cannot use --test-list and --test-list-invert together');
  try {
    const lines = readFileSync(resolve(cwd, file), 'utf8')
      .split('\n')
      .map((line) => line.trim());
    return {
      testList: { lines: lines.filter((line) => line !== '' && !line.startsWith('#')), invert: testList === undefined },
    };
  } catch (cause) {
    throw new UsageError(`Cannot read the test list ${file}: ${(cause as Error).message}`, { cause });
  }
}
