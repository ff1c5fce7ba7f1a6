import type { Layer } from './sources/layer.js';
import type { RawConfig } from './raw-config.js';
import type { KnownService } from './schema/services.js';

type Named = Pick<KnownService, 'name' | 'speaks' | 'isTarget'>;

const PROGRAM: RawConfig = { cwd: '.', ready: { path: '/ready', timeout_ms: 30_000 }, restart: 'on-fault' };

/** Environment whose defaults an environment of the user's own falls back to. */
export const BASE_ENVIRONMENT = 'local-development';

const DEFAULTS: RawConfig = {
  environments: {
    ci: {
      concurrent_requests: 50,
      timeout_seconds: 10,
      connection_pool_size: 10,
      retry_attempts: 3,
      iterations: 30,
      data_rows: 50,
      cache_ttl_ms: 2000,
      jitter_ms: 5,
      warmup_operations: 10,
    },
    'local-development': {
      concurrent_requests: 100,
      timeout_seconds: 5,
      connection_pool_size: 10,
      retry_attempts: 3,
      iterations: 50,
      data_rows: 100,
      cache_ttl_ms: 2000,
      jitter_ms: 5,
      warmup_operations: 20,
    },
    'production-validation': {
      concurrent_requests: 500,
      timeout_seconds: 2,
      connection_pool_size: 5,
      retry_attempts: 5,
      iterations: 200,
      data_rows: 1000,
      cache_ttl_ms: 2000,
      jitter_ms: 5,
      warmup_operations: 50,
    },
  },
  hardware_profiles: { low: { load_multiplier: 0.5 }, medium: { load_multiplier: 1 }, high: { load_multiplier: 2 } },
  pass_rates: {
    ci: { target: 80, acceptable: 70 },
    'local-development': { target: 85, acceptable: 75, high: { target: 90, acceptable: 80 } },
    'production-validation': { target: 95, acceptable: 90 },
  },
  monitor: { interval_ms: 250, policy: 'annotate' },
  target: PROGRAM,
  network: { backend: 'auto', sandbox: 'auto' },
  runner: {
    test_timeout_ms: 30_000,
    global_timeout_ms: 900_000,
    reporter_timeout_ms: 60_000,
    retries: { delay_ms: 100, backoff: 2, jitter: 0.2, timeout_factor: 1.5, placement: 'immediate', isolation: 'same' },
    max_inconclusive: 0.2,
    require_purpose: false,
    require_needs: false,
    test_dir: '.',
    fully_parallel: false,
    repeat_each: 1,
    forbid_only: false,
    fail_on_flaky_tests: false,
    max_failures: 0,
    preserve_output: 'always',
    leaks: 'annotate',
    history: { max_runs: 200, max_mib: 200 },
    report_slow_tests: { max: 5, threshold_ms: 300_000 },
    global_setup: [],
    global_teardown: [],
    test_match: ['**/*.@(chaos|spec|test).?(c|m)[jt]s?(x)'],
    test_ignore: ['**/node_modules/**'],
    output_dir: 'chaos-results',
    quiet: false,
    reporters: 'list',
    expect: { timeout_ms: 5000, to_pass: { timeout_ms: 0, intervals_ms: [100, 250, 500, 1000] } },
  },
  projects: {},
  secret: [],
  metadata: {},
};

/** The weakest layer: values that apply if no other layer sets them. */
export function defaultLayer(services: readonly Named[]): Layer {
  const isStarted = ({ speaks, isTarget }: Named): boolean => speaks === undefined && isTarget !== true;
  const namesOf = (some: readonly Named[], data: RawConfig): RawConfig =>
    Object.fromEntries(some.map(({ name }) => [name, data]));
  return {
    name: 'default',
    data: {
      ...DEFAULTS,
      services: namesOf(services.filter(isStarted), { start_timeout_ms: 30_000 }),
      dependencies: namesOf(
        services.filter(({ speaks }) => speaks !== undefined),
        { timeout_ms: 10_000 },
      ),
      targets: namesOf(
        services.filter(({ isTarget }) => isTarget === true),
        { ...PROGRAM, replicas: 1 },
      ),
    },
    source: () => 'default',
    sourceNamesSetting: false,
  };
}
