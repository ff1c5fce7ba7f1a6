import * as v from 'valibot';
import { choice, decimal, named, section, setting, toggle, whole, type Node } from '../schema-node.js';
import { expectations } from './expectations.js';
import { retries } from './retries.js';
import { MAX_MS, TEXT, patterns, workers } from './values.js';

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

const TAG = v.pipe(v.string(), v.regex(/^@\S+$/));

/** The test runner. */
export const runner: Node = section('The test runner.', {
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
  reporter_timeout_ms: whole(0, MAX_MS, {
    description: 'Budget of each reporter for its end (`onEnd`, `onExit`), when the run is over; 0 none.',
  }),
  retries: retries('Retries of failed tests. Violated invariants are never retried.', (key) =>
    key === 'count' ? { overriddenBy: ['--retries'], defaultText: '`retry_attempts` of the environment' } : {},
  ),
  max_inconclusive: decimal(0, 1, {
    description: 'Share of tests that may be inconclusive before the run fails.',
    overriddenBy: ['--max-inconclusive'],
  }),
  require_purpose: toggle({ description: 'Makes a test without `purpose` an error.' }),
  require_needs: toggle({
    description: 'Makes a call of an operation of the driver a failure where the test does not have it in `needs`.',
  }),
  test_dir: setting(TEXT, {
    description: 'Folder of the test files, relative to the folder of `chaos.yaml`.',
    allowed: 'a path',
  }),
  test_match: globs('Files that are test files.'),
  test_ignore: globs('Files and folders that are left out.'),
  fully_parallel: toggle({
    description: 'Lets the tests of one file run at the same time.',
    overriddenBy: ['--fully-parallel'],
  }),
  repeat_each: whole(1, 1_000_000, { description: 'Number of runs of each test.', overriddenBy: ['--repeat-each'] }),
  forbid_only: toggle({
    description: 'Makes `test.only` an error, as it should be in CI.',
    overriddenBy: ['--forbid-only'],
  }),
  fail_on_flaky_tests: toggle({
    description: 'Fails the run if a test passed only after a retry.',
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
      description: 'Shard of the tests to run.',
      allowed: '{ current, total }, such as { current: 2, total: 3 }',
      overriddenBy: ['--shard'],
      defaultText: 'all of them',
    },
  ),
  leaks: choice(['off', 'annotate', 'fail'], {
    description:
      'Treatment of a test that leaves sockets, timers, processes or files open. A fault left in force always fails its test.',
  }),
  preserve_output: choice(['always', 'never', 'failures-only'], {
    description: 'Whose folders below `output_dir` are kept.',
  }),
  history: section('Records of runs, in `.chaos/runs/` beside `chaos.yaml`. The oldest are removed.', {
    max_runs: whole(0, 100_000, {
      description: 'Number of runs to keep; 0 writes no record.',
      overriddenBy: ['--no-history'],
    }),
    max_mib: whole(1, 1_000_000, { description: 'Size of all records, in MiB.' }),
  }),
  report_slow_tests: section('Slow tests are listed at the end.', {
    max: whole(0, MAX, { description: 'How many; 0 none.' }),
    threshold_ms: whole(0, MAX_MS, { description: 'Duration above which a test is slow.' }),
  }),
  global_setup: modules('Modules whose default export runs once before all tests; what it returns runs after them.'),
  global_teardown: modules('Modules whose default export runs once after all tests.'),
  quiet: toggle({
    description: 'Keeps the output of tests off the terminal; reports still have it.',
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
  grep: patterns({ description: 'Only tests whose titles and tags match one of them.', defaultText: 'all' }),
  grep_invert: patterns({ description: 'No tests whose titles and tags match one of them.', defaultText: 'none' }),
  tag: setting(v.union([TAG, v.array(TAG)]), {
    description:
      'Tags that every test has before its own: in `--grep`, in reports, to tell one environment from another.',
    allowed: 'a tag that starts with @, or a list of them',
    defaultText: 'none',
  }),
  expect: expectations(() => ({})),
  capture_git_info: section('Git data in the metadata of reports.', {
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
});
