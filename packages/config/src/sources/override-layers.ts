import type { Layer, LoadedLayer } from './layer.js';
import { isMap, mapWith, type Path, type RawConfig } from '../raw-config.js';
import type { Node } from '../schema-node.js';
import { validate } from './validate.js';

/**
 * Settings from the command line; absolute, so never scaled. Numbers may be given as typed text; problems in them are
 * reported together with all others.
 */
export type CliOverrides = Partial<{
  /** `2` or `50%` of the usable CPUs: `--workers`. */
  readonly workers: string | number;
  /** `runner.retries.count`: `--retries`. */
  readonly retries: string | number;
  /** Budget of one test, as in Playwright: `--timeout`. */
  readonly timeoutMs: string | number;
  /** Budget of the run: `--global-timeout`. */
  readonly globalTimeoutMs: string | number;
  readonly seed: string;
  /** Relative to the working folder: `--output`. */
  readonly output: string;
  readonly fullyParallel: boolean;
  readonly quiet: boolean;
  /** Relative to the working folder: `--tsconfig`. */
  readonly tsconfig: string;
  readonly repeatEach: string | number;
  readonly forbidOnly: boolean;
  readonly failOnFlakyTests: boolean;
  /** `--max-failures`, or 1 for `-x`. */
  readonly maxFailures: string | number;
  readonly shard: { readonly current: number; readonly total: number };
  /** `--max-inconclusive`. */
  readonly maxInconclusive: string | number;
  /** `--concurrency`. */
  readonly concurrentRequests: string | number;
  /** Budget of one request: `--request-timeout`. */
  readonly requestTimeoutMs: string | number;
  /** `--pool-size`. */
  readonly poolSize: string | number;
  /** `--load-multiplier`. */
  readonly loadMultiplier: string | number;
}>;

/** The environment and profile that overrides apply to. */
export interface OverrideScope {
  /** Schema of the configuration that they belong to. */
  readonly schema: Node;
  readonly environment: string;
  readonly profile: string;
}

interface Override {
  readonly source: string;
  readonly path: Path;
  readonly value: unknown;
}

/** The environment variables that are settings. */
export const VARIABLES: readonly string[] = [
  'CHAOS_ENVIRONMENT',
  'CHAOS_LOAD_MULTIPLIER',
  'CHAOS_TIMEOUT',
  'CHAOS_POOL_SIZE',
  'CHAOS_WORKERS',
  'CHAOS_SEED',
];

/** The layer of `CHAOS_*` variables. An empty variable counts as not set. */
export function environmentVariableLayer(
  env: Readonly<Record<string, string>>,
  { schema, environment, profile }: OverrideScope,
): LoadedLayer {
  const variables: readonly (readonly [string, Path])[] = [
    ['CHAOS_LOAD_MULTIPLIER', ['hardware_profiles', profile, 'load_multiplier']],
    ['CHAOS_TIMEOUT', ['environments', environment, 'timeout_seconds']],
    ['CHAOS_POOL_SIZE', ['environments', environment, 'connection_pool_size']],
    ['CHAOS_WORKERS', ['runner', 'workers']],
    ['CHAOS_SEED', ['runner', 'seed']],
  ];
  return overrideLayer(
    schema,
    'environment variable',
    variables.flatMap(([source, path]) =>
      env[source] === undefined || env[source].trim() === '' ? [] : [{ source, path, value: typed(env[source], path) }],
    ),
  );
}

/** The layer of command line options. */
export function commandLineLayer(
  overrides: CliOverrides,
  { schema, environment, profile }: OverrideScope,
): LoadedLayer {
  const { requestTimeoutMs } = overrides;
  const options: readonly (readonly [string, Path, CliOverrides[keyof CliOverrides]])[] = [
    ['--workers', ['runner', 'workers'], overrides.workers],
    ['--retries', ['runner', 'retries', 'count'], overrides.retries],
    ['--timeout', ['runner', 'test_timeout_ms'], overrides.timeoutMs],
    ['--global-timeout', ['runner', 'global_timeout_ms'], overrides.globalTimeoutMs],
    ['--seed', ['runner', 'seed'], overrides.seed],
    ['--output', ['runner', 'output_dir'], overrides.output],
    ['--fully-parallel', ['runner', 'fully_parallel'], overrides.fullyParallel],
    ['--quiet', ['runner', 'quiet'], overrides.quiet],
    ['--tsconfig', ['runner', 'tsconfig'], overrides.tsconfig],
    ['--repeat-each', ['runner', 'repeat_each'], overrides.repeatEach],
    ['--forbid-only', ['runner', 'forbid_only'], overrides.forbidOnly],
    ['--fail-on-flaky-tests', ['runner', 'fail_on_flaky_tests'], overrides.failOnFlakyTests],
    ['--max-failures', ['runner', 'max_failures'], overrides.maxFailures],
    ['--shard', ['runner', 'shard'], overrides.shard],
    ['--max-inconclusive', ['runner', 'max_inconclusive'], overrides.maxInconclusive],
    ['--concurrency', ['environments', environment, 'concurrent_requests'], overrides.concurrentRequests],
    [
      '--request-timeout',
      ['environments', environment, 'timeout_seconds'],
      Number.isFinite(Number(requestTimeoutMs)) ? Number(requestTimeoutMs) / 1000 : requestTimeoutMs,
    ],
    ['--pool-size', ['environments', environment, 'connection_pool_size'], overrides.poolSize],
    ['--load-multiplier', ['hardware_profiles', profile, 'load_multiplier'], overrides.loadMultiplier],
  ];
  return overrideLayer(
    schema,
    'command line',
    options.flatMap(([source, path, value]) =>
      value === undefined ? [] : [{ source, path, value: typed(value, path) }],
    ),
  );
}

function overrideLayer(root: Node, name: Layer['name'], overrides: readonly Override[]): LoadedLayer {
  const layer: Layer = {
    name,
    data: overrides.reduce<RawConfig>((data, { path, value }) => merge(data, mapWith(path, value)) as RawConfig, {}),
    source: (path) => overrides.find((each) => each.path.join('\0') === path.join('\0'))?.source ?? name,
    sourceNamesSetting: true,
  };
  return { layer, problems: validate(layer, root) };
}

// Converts text that looks like a number, except for settings that are text; the schema checks the result.
function typed(value: unknown, path: Path): unknown {
  if (typeof value !== 'string' || ['seed', 'output_dir', 'tsconfig'].includes(path.at(-1) ?? '')) return value;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value.trim()) ? Number(value) : value.trim();
}

function merge(left: unknown, right: unknown): unknown {
  if (!isMap(left) || !isMap(right)) return right;
  return {
    ...left,
    ...Object.fromEntries(
      Object.entries(right).map(([key, value]) => [key, Object.hasOwn(left, key) ? merge(left[key], value) : value]),
    ),
  };
}
