import type { CliOverrides } from '@chaos/config';
import { shard } from './flag-values.js';
import type { RunFlags } from '../flags.js';

const NAMES = {
  workers: 'workers',
  retries: 'retries',
  timeout: 'timeoutMs',
  globalTimeout: 'globalTimeoutMs',
  seed: 'seed',
  output: 'output',
  concurrency: 'concurrentRequests',
  requestTimeout: 'requestTimeoutMs',
  poolSize: 'poolSize',
  loadMultiplier: 'loadMultiplier',
  maxInconclusive: 'maxInconclusive',
  fullyParallel: 'fullyParallel',
  quiet: 'quiet',
  tsconfig: 'tsconfig',
  repeatEach: 'repeatEach',
  forbidOnly: 'forbidOnly',
  failOnFlakyTests: 'failOnFlakyTests',
  maxFailures: 'maxFailures',
} as const satisfies Partial<Record<keyof RunFlags, keyof CliOverrides>>;

/** Settings given as flags of a run, unparsed: the schema checks them together with all others. */
export function overridesOf({ x, ...flags }: Partial<RunFlags>): CliOverrides {
  if (x === true) return overridesOf({ ...flags, maxFailures: '1' });
  const settings = Object.fromEntries(
    Object.entries(NAMES).flatMap(([flag, setting]) => {
      const value = flags[flag as keyof typeof NAMES];
      return value === undefined ? [] : [[setting, value]];
    }),
  );
  return flags.shard === undefined ? settings : { ...settings, shard: shard(flags.shard) };
}
