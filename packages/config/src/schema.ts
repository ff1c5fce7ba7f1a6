import * as v from 'valibot';
import { choice, decimal, named, section, setting, toggle, whole, type About, type Node } from './schema-node.js';

const TEXT = v.pipe(v.string(), v.nonEmpty(), v.excludes('\0'));
const MAX_MS = 2 ** 31 - 1;

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
      description: 'How often a failed test is tried again, unless `runner.retries.count` is set. Not scaled.',
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
  target: decimal(0, 100, { description: 'Percent of operations that should succeed.' }),
  acceptable: decimal(0, 100, { description: 'Percent below which a test fails; at most `target`.' }),
};

const service = (description: string, protocols: readonly string[]): Node =>
  section(description, {
    url: setting(
      v.pipe(
        v.string(),
        v.check((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol)),
      ),
      {
        description: 'Use this one instead of starting one; faults that need its process are refused then.',
        allowed: `a URL with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
        defaultText: 'started for each slot',
      },
    ),
    start_timeout_ms: whole(1, MAX_MS, { description: 'Budget for getting ready.' }),
  });

// Programs get text: a NUL would end it, and a number of JavaScript keeps its digits up to here only.
const VARIABLE_VALUE = v.union([
  v.pipe(v.string(), v.excludes('\0')),
  v.pipe(v.number(), v.finite(), v.minValue(Number.MIN_SAFE_INTEGER), v.maxValue(Number.MAX_SAFE_INTEGER)),
  v.boolean(),
]);
const VARIABLE = setting(VARIABLE_VALUE, {
  asWritten: true,
  description:
    'An environment variable; numbers arrive as they are written. May hold `{postgres.url}` `{redis.url}` `{jwks.url}` `{jwks.issuer}` `{jwks.audience}` `{port}` `{connection_pool_size}` `{timeout_ms}`.',
  allowed: 'a string without NUL, a number (write long ones as strings), true or false',
});

const VARIABLE_NAME = v.pipe(v.string(), v.regex(/^[^=\0]+$/, 'a name without = and NUL'));

const MAX = 1_000_000_000;

const modules = (description: string): Node =>
  setting(v.union([TEXT, v.array(TEXT)]), {
    description,
    allowed: 'a path or a list of paths, relative to the folder of `chaos.yaml`',
    defaultText: 'none',
  });

const globs = (description: string): Node =>
  setting(v.union([TEXT, v.array(TEXT)]), {
    description: `${description} A regular expression is written /like this/.`,
    allowed: 'a glob or a list of globs',
  });

const PATTERN = setting(v.pipe(v.string(), v.regex(/^\/.+\/[a-z]*$/)), {
  description: 'Only tests whose titles and tags match.',
  allowed: 'a regular expression, /like this/',
  defaultText: 'all',
});

const TAG = v.pipe(v.string(), v.regex(/^@\S+$/));

const retries = (description: string, about: (key: string) => Partial<About>): Node =>
  section(
    description,
    {
      count: whole(0, 100, { description: 'How often. `retries: 2` says this alone.', ...about('count') }),
      delay_ms: whole(0, MAX_MS, { description: 'Delay before the first retry.', ...about('delay_ms') }),
      backoff: decimal(1, 100, {
        description: 'Factor by which the delay grows with each attempt.',
        ...about('backoff'),
      }),
      jitter: decimal(0, 1, { description: 'Share by which each delay is spread, up and down.', ...about('jitter') }),
      timeout_factor: decimal(1, 100, {
        description: 'Factor by which time-outs grow with each attempt.',
        ...about('timeout_factor'),
      }),
      placement: choice(['immediate', 'end'], {
        description: 'When: next, or after all tests that have not run yet.',
        ...about('placement'),
      }),
      isolation: choice(['same', 'fresh', 'alone'], {
        description: 'Where: in the same worker, in a fresh one, or in a fresh one while nothing else runs.',
        ...about('isolation'),
      }),
    },
    { shorthand: 'count' },
  );

const expectations = (about: (key: string) => Partial<About>): Node =>
  section('Assertions.', {
    timeout_ms: whole(0, MAX_MS, {
      description: 'Budget of `expect.poll`, before it is stretched to the machine; 0 until the end of the test.',
      ...about('timeout_ms'),
    }),
    to_pass: section('`toPass`.', {
      timeout_ms: whole(0, MAX_MS, {
        description: 'Budget; 0 until the end of the test.',
        ...about('to_pass.timeout_ms'),
      }),
      intervals_ms: setting(v.pipe(v.array(v.pipe(v.number(), v.minValue(0))), v.minLength(1)), {
        description: 'Pauses between the tries; the last one repeats.',
        allowed: 'a list of numbers',
        ...about('to_pass.intervals_ms'),
      }),
    }),
  });

const workers = (about: Omit<About, 'allowed'>): Node =>
  setting(
    v.union([v.pipe(v.number(), v.safeInteger(), v.minValue(1)), v.pipe(v.string(), v.regex(/^(100|[1-9]\d?)%$/))]),
    { allowed: 'a whole number ≥ 1, or a percentage of the usable CPUs such as 50%', ...about },
  );

const PROJECT = section('One project. What it does not set is as in `runner`.', {
  test_dir: setting(TEXT, {
    description: 'Where its test files are looked for.',
    allowed: 'a path',
    defaultText: '`runner.test_dir`',
  }),
  test_match: setting(v.union([TEXT, v.array(TEXT)]), {
    description: 'Its test files.',
    allowed: 'a glob or a list of globs',
    defaultText: '`runner.test_match`',
  }),
  test_ignore: setting(v.union([TEXT, v.array(TEXT)]), {
    description: 'What is left out.',
    allowed: 'a glob or a list of globs',
    defaultText: '`runner.test_ignore`',
  }),
  grep: PATTERN,
  grep_invert: PATTERN,
  dependencies: setting(v.array(v.string()), {
    description: 'Projects that must have passed before.',
    allowed: 'a list of names',
    defaultText: 'none',
  }),
  teardown: setting(v.string(), {
    description: 'The project that cleans up after this one and all that depend on it.',
    allowed: 'a name',
    defaultText: 'none',
  }),
  retries: retries('How its failed tests are tried again.', (key) => ({ defaultText: `\`runner.retries.${key}\`` })),
  test_timeout_ms: whole(0, MAX_MS, {
    description: 'Budget of one test; 0 none.',
    defaultText: '`runner.test_timeout_ms`',
  }),
  repeat_each: whole(1, 1_000_000, { description: 'How often each test runs.', defaultText: '`runner.repeat_each`' }),
  fully_parallel: toggle({
    description: 'Whether the tests of one file may run side by side.',
    defaultText: '`runner.fully_parallel`',
  }),
  workers: workers({
    description: 'How many of its tests run at the same time at most, of those that `runner.workers` allows.',
    defaultText: 'no limit of its own',
  }),
  output_dir: setting(TEXT, {
    description:
      'Folder of what its tests put out, relative to the folder of `chaos.yaml`; reports of the run stay in `runner.output_dir`.',
    allowed: 'a path',
    overriddenBy: ['--output'],
    defaultText: '`runner.output_dir`',
  }),
  expect: expectations((key) => ({ defaultText: `\`runner.expect.${key}\`` })),
  metadata: named('Anything that should stand in the reports.', v.any(), { allowed: 'anything', defaultText: 'none' }),
});

/** Everything that `chaos.yaml` may hold. */
export const schema: Node = section('The configuration.', {
  environments: named(
    'Load by environment: `--environment`, else `CHAOS_ENVIRONMENT`, else `ci` where CI is detected, else `local-development`.',
    LOAD,
  ),
  hardware_profiles: section(
    'Load multipliers by class of machine: high = at least 8 CPUs and 16 GiB usable, medium = at least 4 and 8, else low. `{}` (no table): `max(cpus / 4, memoryGiB / 8, 1)`. A multiplier in `chaos.tuned.yaml` wins over this table.',
    { low: PROFILE, medium: PROFILE, high: PROFILE },
  ),
  pass_rates: named(
    'Pass rates by environment; those of the machine’s hardware profile win over the plain ones.',
    section('Pass rates of one environment.', {
      ...RATES,
      low: section('On a machine of profile low.', RATES),
      medium: section('On a machine of profile medium.', RATES),
      high: section('On a machine of profile high.', RATES),
    }),
  ),
  monitor: section('The resource monitor.', {
    interval_ms: whole(50, 60_000, { description: 'Time between two samples.' }),
    policy: choice(['annotate', 'fail', 'ignore'], {
      description: 'What becomes of a test during which others overloaded the machine.',
    }),
  }),
  services: section('What the target depends on.', {
    postgres: service('PostgreSQL.', ['postgres:', 'postgresql:']),
    redis: service('Redis or Valkey.', ['redis:', 'rediss:']),
    jwks: service('The JWKS issuer.', ['http:', 'https:']),
  }),
  target: section('The program under test.', {
    command: setting(v.union([TEXT, v.pipe(v.array(v.pipe(v.string(), v.excludes('\0'))), v.minLength(1))]), {
      description:
        'The program and its arguments, with the same placeholders as `env`. A string is split at spaces, quotes are honoured; no shell is started.',
      allowed: 'a string or a list of strings, without NUL',
      defaultText: 'none: tests that need a target are refused',
    }),
    cwd: setting(TEXT, {
      description: 'Working folder, relative to the folder of `chaos.yaml`.',
      allowed: 'a path',
      defaultText: 'the folder of `chaos.yaml`',
    }),
    env: named('Environment variables of the program.', VARIABLE, { defaultText: 'none', names: VARIABLE_NAME }),
    ready: section('How it is known that the program can serve.', {
      path: setting(v.pipe(v.string(), v.startsWith('/')), {
        description: 'Path on `{port}` that answers with HTTP 2xx once it is ready.',
        allowed: 'a path that starts with /',
      }),
      timeout_ms: whole(1, MAX_MS, { description: 'Budget for getting ready.' }),
    }),
    driver: setting(TEXT, {
      description: 'Module of the driver (contract `TargetDriver`), relative to the folder of `chaos.yaml`.',
      allowed: 'a path',
      defaultText: 'none',
    }),
    variants: named(
      'Named sets of environment variables on top of `env`: `chaos run --variant NAME`.',
      named('One variant.', VARIABLE, { defaultText: 'none', names: VARIABLE_NAME }),
    ),
  }),
  network: section('Links between the target and its services.', {
    backend: choice(['auto', 'proxy', 'tc'], {
      description:
        'What breaks links: a proxy (no privilege), real packets (`tc`), or for each fault the better one that works here (`auto`).',
    }),
    sandbox: choice(['auto', 'on', 'off'], {
      description:
        'Whether each slot, its services, target and tests live in a network namespace of their own, from which nothing outside can be reached; `auto`: where that works and no service has a `url`.',
    }),
  }),
  runner: section('The test runner.', {
    workers: workers({
      description: 'Tests that run at the same time, each with services of its own.',
      overriddenBy: ['CHAOS_WORKERS', '--workers'],
      defaultText: 'usable CPUs rounded down, from 1 to 4',
    }),
    capacities: named(
      'What `weight` of tests that run at the same time adds up to at most.',
      decimal(0.001, 1_000_000_000, {
        description: 'How much there is of it.',
        defaultText: '`cpu`: usable CPUs, `memory_gib`: usable memory',
      }),
      { defaultText: '`cpu`: usable CPUs, `memory_gib`: usable memory' },
    ),
    test_timeout_ms: whole(0, MAX_MS, {
      description: 'Budget of one test, before it is stretched to the machine; 0 none.',
      overriddenBy: ['--timeout'],
    }),
    global_timeout_ms: whole(0, MAX_MS, {
      description: 'Budget of the whole run; 0 none.',
      overriddenBy: ['--global-timeout'],
    }),
    retries: retries('How failed tests are tried again. Violated invariants never are.', (key) =>
      key === 'count' ? { overriddenBy: ['--retries'], defaultText: '`retry_attempts` of the environment' } : {},
    ),
    max_inconclusive: decimal(0, 1, {
      description: 'Share of tests that may be inconclusive before the run fails.',
      overriddenBy: ['--max-inconclusive'],
    }),
    require_purpose: toggle({ description: 'Whether a test without `purpose` is an error.' }),
    test_dir: setting(TEXT, {
      description: 'Where test files are looked for, relative to the folder of `chaos.yaml`.',
      allowed: 'a path',
    }),
    test_match: globs('Files that are test files.'),
    test_ignore: globs('Files and folders that are left out.'),
    fully_parallel: toggle({
      description: 'Whether the tests of one file may run side by side.',
      overriddenBy: ['--fully-parallel'],
    }),
    repeat_each: whole(1, 1_000_000, { description: 'How often each test runs.', overriddenBy: ['--repeat-each'] }),
    forbid_only: toggle({
      description: 'Whether `test.only` is an error, as it should be in CI.',
      overriddenBy: ['--forbid-only'],
    }),
    fail_on_flaky_tests: toggle({
      description: 'Whether a test that passed only when tried again fails the run.',
      overriddenBy: ['--fail-on-flaky-tests'],
    }),
    max_failures: whole(0, MAX, {
      description: 'Stop after this many failures; 0 never.',
      overriddenBy: ['--max-failures', '-x'],
    }),
    shard: setting(
      v.nullable(
        v.pipe(
          v.strictObject({
            current: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
            total: v.pipe(v.number(), v.safeInteger()),
          }),
          v.check(({ current, total }) => current <= total),
        ),
      ),
      {
        description: 'Which part of the tests is run.',
        allowed: '{ current, total }, such as { current: 2, total: 3 }',
        overriddenBy: ['--shard'],
        defaultText: 'all of them',
      },
    ),
    leaks: choice(['off', 'annotate', 'fail'], {
      description:
        'What becomes of a test that leaves sockets, timers, processes or files open. A fault that is left in force always fails its test.',
    }),
    preserve_output: choice(['always', 'never', 'failures-only'], {
      description: 'Whose folders below `output_dir` are kept.',
    }),
    report_slow_tests: section('Slow tests are listed at the end.', {
      max: whole(0, MAX, { description: 'How many; 0 none.' }),
      threshold_ms: whole(0, MAX_MS, { description: 'What counts as slow.' }),
    }),
    global_setup: modules('Modules whose default export runs once before all tests; what it returns runs after them.'),
    global_teardown: modules('Modules whose default export runs once after all tests.'),
    quiet: toggle({
      description: 'Whether what tests print is kept from the terminal; reports have it all the same.',
      overriddenBy: ['--quiet'],
    }),
    tsconfig: setting(TEXT, {
      description:
        'The `tsconfig.json` for all files, instead of the nearest of each; relative to the folder of `chaos.yaml`.',
      allowed: 'a path',
      overriddenBy: ['--tsconfig'],
      defaultText: 'the nearest',
    }),
    reporters: setting(
      v.union([
        TEXT,
        v.array(v.union([TEXT, v.strictTuple([TEXT]), v.strictTuple([TEXT, v.record(v.string(), v.any())])])),
      ]),
      {
        description:
          'Reporters by name or module; with options as `[json, { outputFile: out.json }]`. Paths are relative to the folder of `chaos.yaml`.',
        allowed: 'a name, or a list of names and of [name, options]',
        overriddenBy: ['--reporter', '--add-reporter'],
      },
    ),
    grep: PATTERN,
    grep_invert: PATTERN,
    tag: setting(v.union([TAG, v.array(TAG)]), {
      description:
        'Tags that every test has before its own: in `--grep`, in reports, to tell one environment from another.',
      allowed: 'a tag that starts with @, or a list of them',
      defaultText: 'none',
    }),
    expect: expectations(() => ({})),
    capture_git_info: section('What of git goes into the metadata of reports.', {
      commit: toggle({
        description: 'The last commit, as `gitCommit`, and the CI run, as `ci`.',
        defaultText: 'true in CI',
      }),
      diff: toggle({
        description:
          'What has changed, as `gitDiff`: in CI since the base of the pull request, elsewhere what is not committed, or else the last commit; at most 100000 characters.',
        defaultText: 'true in CI',
      }),
    }),
    quarantine: setting(TEXT, {
      description:
        'File of tests that are known to fail and fail no run: by id `owner`, `reason` and `expires`, and a `cap`; relative to the folder of `chaos.yaml`.',
      allowed: 'a path',
      defaultText: '`chaos.quarantine.yaml`, where there is one',
    }),
    output_dir: setting(TEXT, {
      description: 'Folder of reports and artefacts, relative to the folder of `chaos.yaml`.',
      allowed: 'a path',
      overriddenBy: ['--output'],
    }),
    seed: setting(v.union([TEXT, v.pipe(v.number(), v.safeInteger())]), {
      description: 'Seed of every random choice.',
      allowed: 'a string or a whole number',
      overriddenBy: ['CHAOS_SEED', '--seed'],
      defaultText: 'random, printed',
    }),
  }),
  projects: named('Groups of tests with settings of their own, by name, in order.', PROJECT, {
    defaultText: 'one, without a name',
  }),
  metadata: named('Anything that should stand in the reports.', v.any(), { allowed: 'anything', defaultText: 'none' }),
});
