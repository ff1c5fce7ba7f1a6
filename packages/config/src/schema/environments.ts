import { decimal, named, section, whole, type Node } from '../schema-node.js';
import { MAX_MS } from './values.js';

const LOAD = section(
  'One environment. An environment of your own takes what it does not set from the defaults of `local-development`.',
  {
    concurrent_requests: whole(1, 100_000, {
      description: 'Concurrent requests before scaling by the load multiplier.',
      overriddenBy: ['--concurrency'],
    }),
    timeout_seconds: decimal(0.001, 86_400, {
      description:
        'Budget of one request, in seconds, before scaling: divided by the load multiplier, at most by 4, at least by 1/4.',
      overriddenBy: ['CHAOS_TIMEOUT', '--request-timeout'],
    }),
    connection_pool_size: whole(1, 10_000, {
      description: "Connections in the target's pool. Not scaled: it stays small to make contention.",
      overriddenBy: ['CHAOS_POOL_SIZE', '--pool-size'],
    }),
    retry_attempts: whole(0, 100, {
      description: 'Number of retries of a failed test, unless `runner.retries.count` is set. Not scaled.',
    }),
    iterations: whole(1, 1_000_000, { description: 'Repetitions in tests that repeat.' }),
    data_rows: whole(1, 10_000_000, { description: 'Rows of test data.' }),
    cache_ttl_ms: whole(1, MAX_MS, { description: 'Time to live of cached values.' }),
    jitter_ms: whole(0, 60_000, { description: 'Random delay, at most this, before each operation of a load.' }),
    warmup_operations: whole(0, 1_000_000, { description: 'Operations before anything is measured.' }),
  },
);

const PROFILE = section('The hardware profile.', {
  load_multiplier: decimal(0.001, 1000, {
    description: 'Factor of the load on this class of machine.',
    overriddenBy: ['CHAOS_LOAD_MULTIPLIER', '--load-multiplier'],
  }),
});

const RATES = {
  target: decimal(0, 100, {
    description:
      'Percent of operations that should succeed (`toMeetPassRate`), and of tests that should pass (`chaos gate`).',
  }),
  acceptable: decimal(0, 100, {
    description: 'Percent below which such a test fails, and the gate is not met; at most `target`.',
  }),
};

/** Load by environment. */
export const environments: Node = named(
  'Load by environment: `--environment`, else `CHAOS_ENVIRONMENT`, else `ci` where CI is detected, else `local-development`.',
  LOAD,
);

/** Load by class of machine. */
export const hardwareProfiles: Node = section(
  'Load multipliers by class of machine: high = at least 8 CPUs and 16 GiB usable, medium = at least 4 and 8, else low. `{}` (no table): `max(cpus / 4, memoryGiB / 8, 1)`. A multiplier in `chaos.tuned.yaml` wins over this table.',
  { low: PROFILE, medium: PROFILE, high: PROFILE },
);

/** Ratio of operations that must succeed. */
export const passRates: Node = named(
  'Pass rates by environment; those of the machine’s hardware profile win over the plain ones.',
  section('Pass rates of one environment.', {
    ...RATES,
    low: section('On a machine of profile low.', RATES),
    medium: section('On a machine of profile medium.', RATES),
    high: section('On a machine of profile high.', RATES),
  }),
);
