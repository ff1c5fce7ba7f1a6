import { lastFailed } from '@chaos/runner/last-failed';
import type { RunOptions } from '@chaos/runner/run';
import { UsageError, type ResolvedConfig } from '@chaos/spec';
import { checkVariant } from './check-variant.js';
import type { CliContext } from './context.js';
import { pattern, shard } from './flag-values.js';
import type { RunFlags } from './flags.js';
import { version } from './version.js';

/** What the runner is asked for, apart from reporters. Throws UsageError for a value that makes no sense. */
export function runOptions(filters: readonly string[], flags: Partial<RunFlags>, config: ResolvedConfig, { cwd, argv }: CliContext): Omit<RunOptions, 'reporters'> {
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
    ...(flags.shard === undefined ? {} : { shard: shard(flags.shard) }),
    ...(flags.shuffle === undefined ? {} : { shuffle: flags.shuffle === true ? config.runner.seed : flags.shuffle }),
    ...(flags.lastFailed === true ? { ids: lastFailedOf(config) } : {}),
    version: version(),
  };
}

function lastFailedOf({ runner }: ResolvedConfig): ReadonlySet<string> {
  const ids = lastFailed(runner.outputDir);
  if (!ids) throw new UsageError(`Cannot run what failed last time: ${runner.outputDir} holds no run`, { hint: 'Run without --last-failed first, or say --output.' });
  return ids;
}
