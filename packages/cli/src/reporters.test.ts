import { spawn } from 'node:child_process';
import {
  openSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

vi.setConfig({ testTimeout: 30_000 });

const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync('/tmp/cli-reporters-');
const TESTS = `import { test } from '@chaos/runner';\ntest('good', async () => {});\ntest('bad', async () => { throw new Error('it broke'); });\n`;
const MINE = `export default class Mine { onBegin(config: object, suite: any): void { console.log('tests', suite.allTests().length); } onTestEnd(test: any): void { console.log(test.title, test.outcome()); } }\n`;

beforeAll(() => {
  mkdirSync(join(folder, 'node_modules'));
  mkdirSync(join(folder, 'suites'));
  symlinkSync(join(PACKAGE, 'node_modules/@chaos'), join(folder, 'node_modules/@chaos'));
  writeFileSync(join(folder, 'suites/a.chaos.ts'), TESTS);
  writeFileSync(join(folder, 'mine.ts'), MINE);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Standard = 'pipe' | 'closed' | number;

function chaos(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  stdout: Standard = 'pipe',
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const { CHAOS_REPORTER: _own, PW_TEST_REPORTER: _theirs, FORCE_COLOR: _color, ...rest } = process.env;
  const child = spawn(process.execPath, [join(PACKAGE, 'dist/bin.cjs'), ...args], {
    cwd: folder,
    env: { ...rest, CI: 'false', ...env },
    stdio: ['ignore', typeof stdout === 'number' ? stdout : 'pipe', 'pipe'],
  });
  let out = '';
  let errors = '';
  if (stdout === 'closed') child.stdout!.destroy();
  else child.stdout?.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr!.on('data', (data: Buffer) => (errors += data.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout: out, stderr: errors })));
}

const results = (): { stats: Record<string, number> } =>
  JSON.parse(readFileSync(join(folder, 'chaos-results/results.json'), 'utf8')) as { stats: Record<string, number> };

test('several at once, one of the user, files named by the environment', async () => {
  const env = {
    PW_TEST_REPORTER: 'json',
    PLAYWRIGHT_JSON_OUTPUT_NAME: 'out/j.json',
    CHAOS_JUNIT_OUTPUT_FILE: 'out/j.xml',
  };
  const { code, stdout } = await chaos(['run', '--reporter', 'dot,junit', '--reporter=./mine.ts'], env);
  expect(code).toBe(1);
  expect(stdout).toContain('tests 2\n');
  expect(stdout).toContain('bad unexpected\n');
  expect(stdout).toContain('·');
  expect(JSON.parse(readFileSync(join(folder, 'out/j.json'), 'utf8'))).toMatchObject({
    stats: { expected: 1, unexpected: 1 },
  });
  expect(readFileSync(join(folder, 'out/j.xml'), 'utf8')).toContain('tests="2" failures="0" errors="1"');
  expect(results().stats).toMatchObject({ expected: 1, unexpected: 1 });
});

test('JSON on standard output is alone', async () => {
  const { code, stdout, stderr } = await chaos(['run', '--reporter=json,list', '-g', 'good']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ stats: { expected: 1 } });
  expect(stderr).toContain('1 passed');
});

test('blobs are merged; failed tests are no failure of a merge, a missing report is', async () => {
  await chaos(['run', '--reporter=blob', '-g', 'good']);
  await chaos(['run', '--reporter=blob', '-g', 'bad']);
  expect(readdirSync(join(folder, 'blob-report'))).toHaveLength(2);
  const { code, stdout } = await chaos(['merge-reports', '--reporter=json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ stats: { expected: 1, unexpected: 1 }, chaos: { status: 'failed' } });
  const [first] = readdirSync(join(folder, 'blob-report'));
  const file = join(folder, 'blob-report', first!);
  writeFileSync(file, readFileSync(file, 'utf8').replace(/\{"type":"run-end".*\n/, ''));
  expect(await chaos(['merge-reports', '--reporter=null'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('it ends before its run did'),
  });
  expect(await chaos(['merge-reports', 'suites'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('there is no blob report in'),
  });
});

test('a reader that leaves changes nothing', async () => {
  for (const reporter of ['list', 'json'])
    expect(await chaos(['run', '--reporter', reporter, '-g', 'good'], {}, 'closed')).toMatchObject({
      code: 0,
      stderr: '',
    });
});

test('what cannot be written is said, the others go on, and the run fails', async () => {
  const full = openSync('/dev/full', 'w');
  const { code, stderr } = await chaos(
    ['run', '--reporter=list,json', '-g', 'good'],
    { CHAOS_JSON_OUTPUT_FILE: 'suites/a.chaos.ts/x.json' },
    full,
  );
  closeSync(full);
  expect(code).toBe(1);
  expect(stderr).toContain(
    'Cannot write the list to its stream: no space is left on the device (ENOSPC)\nhint: Free some space',
  );
  expect(stderr).toContain('suites/a.chaos.ts/x.json: a folder of its path is a file');
  expect(stderr).not.toMatch(/^ +at /m);
  expect(results().stats).toMatchObject({ expected: 1 });
});

test('refuses what is no reporter', async () => {
  writeFileSync(join(folder, 'bad.mjs'), 'export default 7;\n');
  expect(await chaos(['run', '--reporter=junti'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('did you mean junit?'),
  });
  expect(await chaos(['run', '--reporter=./bad.mjs'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('file must export a single class, current value is number'),
  });
});
