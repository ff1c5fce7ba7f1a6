import type { CliOverrides } from '@chaos/config';
import type { RunFlags } from './flags.js';

/** The settings among the flags of a run, as typed: the schema judges them together with all others. */
export function overridesOf({ workers, retries, timeout, seed, output }: Partial<RunFlags>): CliOverrides {
  return {
    ...(workers === undefined ? {} : { workers }),
    ...(retries === undefined ? {} : { retries }),
    ...(timeout === undefined ? {} : { timeoutMs: timeout }),
    ...(seed === undefined ? {} : { seed }),
    ...(output === undefined ? {} : { output }),
  };
}
