import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { on, once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';

const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), '..');
const { CI: _ci, CHAOS_ENVIRONMENT: _environment, CHAOS_SEED: _seed, CHAOS_WORKERS: _workers, ...ENV } = process.env;

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function project(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync('/tmp/cli-test-');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(PACKAGE, 'node_modules/@chaos'), join(folder, 'node_modules/@chaos'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Runs the built command in a folder with these files. */
function chaos(
  args: readonly string[],
  files: Readonly<Record<string, string>> = {},
  env: NodeJS.ProcessEnv = {},
): Promise<Result & { readonly folder: string }> {
  const folder = project(files);
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(PACKAGE, 'dist/bin.cjs'), ...args],
      { cwd: folder, env: { ...ENV, CI: 'false', ...env } },
      (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr, folder });
      },
    );
  });
}

const TWO = {
  'suites/a.chaos.ts': `import { test } from '@chaos/runner';\ntest('rotation', async () => {});\ntest('outage', { tag: '@slow' }, async () => { throw new Error('it broke'); });\n`,
};

describe('misuse is exit 2, and says what was meant', () => {
  test.each([
    [['--grpe', 'x'], '(Did you mean --grep?)'],
    [['env', '--jsn'], '(Did you mean --json?)'],
    [['docter'], 'did you mean doctor?'],
    [['run', '--grep'], 'argument missing'],
    [['run', '--reporter', 'lst'], 'did you mean list?'],
    [['run', '--max-failures=some'], 'Cannot use --max-failures: current value is "some", allowed is a whole number'],
    [['run', '-g', '('], 'Invalid regular expression'],
    [['run', '--workers', '0', '--retries=many'], /2 problems[\s\S]*--workers[\s\S]*--retries/],
    [['config', '--environment', 'producton-validation'], 'Did you mean "production-validation"?'],
    [['config', '--config', 'nowhere.yaml'], 'nowhere.yaml: Cannot read'],
  ] as const)('%j', async (args, message) => {
    const { code, stdout, stderr } = await chaos(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  test('an unknown variant lists the known ones', async () => {
    const files = {
      'chaos.yaml':
        'target:\n  command: [node, a.mjs]\n  variants:\n    no-invalidation: { DEFECT: a }\n    stampede: { DEFECT: b }\n',
    };
    const { code, stderr } = await chaos(['run', '--variant=no-invalidaton'], files);
    expect(code).toBe(2);
    expect(stderr).toContain('did you mean no-invalidation?');
    expect(stderr).toContain('Known variants: no-invalidation, stampede');
  });
});

test('--version and --help are no errors', async () => {
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string };
  expect(await chaos(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  const help = await chaos(['--help']);
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help.stdout).toMatch(/run\|test.*[\s\S]*doctor/);
});

test('env says what the machine is, as JSON alone', async () => {
  const { code, stdout } = await chaos(['env', '--json', '--calibrate'], {}, { CHAOS_LOAD_MULTIPLIER: '0.25' });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    hardware: {
      logicalCpus: expect.any(Number),
      usableCpus: expect.any(Number),
      totalMemoryBytes: expect.any(Number),
      usableMemoryBytes: expect.any(Number),
    },
    profile: expect.stringMatching(/^(low|medium|high)$/),
    environment: 'local-development',
    loadMultiplier: { value: 0.25, source: 'environment variable CHAOS_LOAD_MULTIPLIER' },
    ci: { isCi: false },
    capabilities: { root: { available: process.getuid?.() === 0 } },
    calibration: { speed: expect.any(Number), contention: expect.any(Number) },
  });
});

test('config tells each value and its layer: command, variable, chaos.config.ts, chaos.yaml, default', async () => {
  const files = {
    'chaos.yaml': 'environments:\n  ci:\n    concurrent_requests: 40\n    retry_attempts: 1\nrunner:\n  workers: 1\n',
    'chaos.config.ts': `interface Shape { workers: number }\nexport default { runner: { workers: 3 } satisfies Shape };\n`,
  };
  const { code, stdout } = await chaos(['config', '--json', '--environment=ci'], files, { CHAOS_SEED: 's1' });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    environment: { value: 'ci', source: 'command line --environment' },
    'runner.seed': { value: 's1', source: 'environment variable CHAOS_SEED' },
    'runner.workers': { value: 3, source: expect.stringContaining('chaos.config.ts') },
    retryAttempts: { value: 1, source: 'chaos.yaml:4:21' },
    connectionPoolSize: { value: 10, source: 'default' },
  });
});

test('a chaos.config.ts that does not load is named', async () => {
  const { code, stderr } = await chaos(['config'], { 'chaos.config.ts': 'export default {' });
  expect(code).toBe(2);
  expect(stderr).toContain('chaos.config.ts');
});

test('run without a command: exit 1 for a failure, the list on stdout, results.json', async () => {
  const { code, stdout, stderr, folder } = await chaos(['--retries', '0'], TWO);
  expect(code).toBe(1);
  expect(stderr).toBe('');
  expect(stdout).toContain('it broke');
  expect(JSON.parse(readFileSync(join(folder, 'chaos-results/results.json'), 'utf8'))).toMatchObject({
    stats: { expected: 1, unexpected: 1 },
  });
});

test('--json: standard output is JSON alone, the list is on standard error', async () => {
  const { code, stdout, stderr } = await chaos(
    ['run', '--json', '--grep', 'rotation', '--workers=1', '--output', 'out'],
    TWO,
  );
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ stats: { expected: 1, unexpected: 0 } });
  expect(stderr).toContain('1 passed');
});

test.each([
  [['suites/a.chaos.ts:2'], ['rotation']],
  [['suites'], ['rotation', 'outage']],
  [['-G', '@slow'], ['rotation']],
  [['-g', 'OUT'], ['outage']],
] as const)('list %j', async (args, titles) => {
  const { code, stdout } = await chaos(['list', '--json', ...args], TWO);
  expect(code).toBe(0);
  expect((JSON.parse(stdout) as { tests: { title: string }[] }).tests.map(({ title }) => title)).toEqual(titles);
});

test('no tests are a failure, unless that is allowed', async () => {
  expect(await chaos(['nosuch'], TWO)).toMatchObject({ code: 1 });
  expect(await chaos(['nosuch', '--pass-with-no-tests'], TWO)).toMatchObject({ code: 0 });
});

test('heal replays what a killed run has left', async () => {
  const state = mkdtempSync('/tmp/cli-heal-');
  onTestFinished(() => rmSync(state, { recursive: true, force: true }));
  const run = join(state, `chaos-${process.getuid?.()}`, 'runs', 'dead1');
  mkdirSync(join(run, 'journals'), { recursive: true, mode: 0o700 });
  writeFileSync(join(state, 'left'), '');
  const { pid } = process;
  const pidNamespace = readlinkSync('/proc/self/ns/pid');
  writeFileSync(
    join(run, 'owner.json'),
    JSON.stringify({
      pid,
      startTime: 1,
      runId: 'dead1',
      argv: ['run'],
      dataDirectory: join(state, 'chaos-dead1-x'),
      pidNamespace,
    }),
  );
  writeFileSync(
    join(run, 'journals/slot-0.jsonl'),
    `${JSON.stringify({ id: 'a', what: 'a mark', timeMs: 1, recipe: { kind: 'remove', path: join(state, 'left') } })}\n`,
  );
  const first = await chaos(['heal', '--json'], {}, { TMPDIR: state });
  expect(first.code).toBe(0);
  expect(JSON.parse(first.stdout)).toMatchObject({
    runs: [{ runId: 'dead1', removed: true, healed: [{ what: 'a mark' }] }],
  });
  expect(existsSync(join(state, 'left'))).toBe(false);
  expect((await chaos(['heal'], {}, { TMPDIR: state })).stdout).toContain('Nothing to heal');
});

const ENDLESS = {
  'a.chaos.ts': `import { test } from '@chaos/runner';\ntest('endless', async () => { console.log('in the body'); await new Promise((resolve) => setTimeout(resolve, 3_600_000)); });\n`,
};

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends the run with a report and exit %d', async (signal, code) => {
  const { child, folder, exit } = await startEndless((bin) => [process.execPath, bin, '--json']);
  child.kill(signal);
  expect(await exit).toBe(code);
  expect(JSON.parse(readFileSync(join(folder, 'chaos-results/results.json'), 'utf8'))).toMatchObject({
    suites: [expect.anything()],
  });
});

test('kill -9 of a shell above ends the run with a report', async () => {
  const { child, folder, closed } = await startEndless((bin) => [
    'sh',
    '-c',
    '"$0" "$1" --json; true',
    process.execPath,
    bin,
  ]);
  child.kill('SIGKILL');
  await closed;
  expect(JSON.parse(readFileSync(join(folder, 'chaos-results/results.json'), 'utf8'))).toMatchObject({
    suites: [expect.anything()],
  });
});

// Resolves once the body of the test runs. `closed` resolves when every process that holds the standard error of the
// command has exited.
async function startEndless(
  argv: (bin: string) => string[],
): Promise<{ child: ChildProcess; folder: string; exit: Promise<number | null>; closed: Promise<unknown> }> {
  const folder = project(ENDLESS);
  const [command = '', ...args] = argv(join(PACKAGE, 'dist/bin.cjs'));
  const child = spawn(command, args, { cwd: folder, env: ENV, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // Every process of the group is gone, as intended.
    }
  });
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  const closed = once(child.stderr, 'close');
  for await (const [chunk] of on(child.stderr, 'data')) if (String(chunk).includes('in the body')) break;
  return { child, folder, exit, closed };
}
