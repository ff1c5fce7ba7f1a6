import type { RunOptions } from '@chaos/runner/run';
import type { ResolvedConfig } from '@chaos/spec';
import { checkVariant } from './check-variant.js';
import type { CliContext } from './context.js';
import { pattern, wholeNumber } from './flag-values.js';
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
    maxFailures: flags.x === true ? 1 : wholeNumber('--max-failures', flags.maxFailures ?? '0', 0),
    version: version(),
  };
}
