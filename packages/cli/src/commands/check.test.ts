import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const BIN = join(dirname(fileURLToPath(import.meta.url)), '../../dist/bin.cjs');

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly folder: string;
}

/** Runs `chaos check` in a folder with these files. */
function check(args: readonly string[], files: Readonly<Record<string, string>>, stdin = ''): Promise<Result> {
  const folder = mkdtempSync('/tmp/cli-check-');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [BIN, 'check', ...args], { cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr, folder }),
    );
    child.stdin?.end(stdin);
  });
}

const events = (...lines: readonly [type: string, f: string, value: unknown][]): string =>
  lines.map(([type, f, value]) => `${JSON.stringify({ type, process: 0, f, value })}\n`).join('');
const GOOD = events(['invoke', 'write', 1], ['ok', 'write', 1], ['invoke', 'read', null], ['ok', 'read', 1]);
const BAD = events(
  ['invoke', 'write', 1],
  ['ok', 'write', 1],
  ['invoke', 'write', 2],
  ['ok', 'write', 2],
  ['invoke', 'read', null],
  ['ok', 'read', 1],
);
const SKEW = `{:type :invoke, :process 0, :f :txn, :value [[:r 1 nil] [:append 2 1]]}
{:type :invoke, :process 1, :f :txn, :value [[:r 2 nil] [:append 1 1]]}
{:type :ok, :process 0, :f :txn, :value [[:r 1 []] [:append 2 1]]}
{:type :ok, :process 1, :f :txn, :value [[:r 2 []] [:append 1 1]]}
{:type :invoke, :process 0, :f :txn, :value [[:r 1 nil] [:r 2 nil]]}
{:type :ok, :process 0, :f :txn, :value [[:r 1 [1]] [:r 2 [1]]]}
`;

test('exit 0: it is', async () => {
  expect(await check(['a.ndjson', '--model', 'linearizable-register'], { 'a.ndjson': GOOD })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('it is linearizable-register'),
    stderr: '',
  });
});

test('exit 1: it is not, and why', async () => {
  const { code, stdout } = await check(['a.ndjson', '-m', 'register'], { 'a.ndjson': BAD });
  expect(code).toBe(1);
  expect(stdout).toMatch(/it is not linearizable-register[\s\S]*3 operations: 3 ok, 0 failed/);
});

test('exit 4: unknown', async () => {
  expect(await check(['a.ndjson', '--model', 'serializable'], { 'a.ndjson': '{"history":1}\n' })).toMatchObject({
    code: 4,
    stdout: expect.stringContaining('nobody can tell whether it is serializable'),
  });
});

test('--json: standard output is JSON alone', async () => {
  const { code, stdout } = await check(['h.edn', '--model', 'serializable', '--json'], { 'h.edn': SKEW });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    valid: false,
    model: 'serializable',
    strongest: expect.stringContaining('snapshot-isolation'),
    anomalies: [{ type: 'G2-item', steps: [{ relation: 'rw' }, { relation: 'rw' }] }],
    coverage: { operations: 3, ok: 3 },
  });
  expect(await check(['h.edn', '--model', 'PL-SI', '--json'], { 'h.edn': SKEW })).toMatchObject({ code: 0 });
});

test('- is standard input; the format is told by what comes', async () => {
  expect(await check(['-', '--model', 'register'], {}, BAD)).toMatchObject({ code: 1 });
  expect(await check(['-', '--model', 'serializable'], {}, SKEW)).toMatchObject({ code: 1 });
  expect(
    await check(
      ['-', '--model', 'cas-register'],
      {},
      'INFO  jepsen.util - 0 :invoke :write 1\nINFO  jepsen.util - 0 :ok :write 1\nINFO  jepsen.util - 0 :invoke :cas [1 2]\nINFO  jepsen.util - 0 :info :cas :timed-out\nINFO  jepsen.util - 1 :invoke :read nil\nINFO  jepsen.util - 1 :ok :read 2\n',
    ),
  ).toMatchObject({ code: 0 });
});

test('writes the pictures, the replay and the least history that shows it', async () => {
  const { folder } = await check(
    ['h.edn', '-m', 'serializable', '--html', 'a.html', '--svg', 'a.svg', '--psql', 'a.sql', '--minimal', 'a.ndjson'],
    { 'h.edn': SKEW },
  );
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  expect(read('a.html')).toContain('<!doctype html>');
  expect(read('a.svg')).toContain('<svg');
  expect(read('a.sql')).toContain('BEGIN');
  expect(await check(['a.ndjson', '-m', 'serializable'], { 'a.ndjson': read('a.ndjson') })).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('G2-item'),
  });
  const nothing = await check(['a.ndjson', '-m', 'register', '--svg', 'a.svg'], { 'a.ndjson': GOOD });
  expect(nothing).toMatchObject({ code: 0, stderr: 'a.svg: not written, there is no anomaly to show\n' });
  expect(existsSync(join(nothing.folder, 'a.svg'))).toBe(false);
});

test.each([
  [['a.ndjson', '-m', 'serialisable'], 'Unknown model "serialisable": did you mean serializable?'],
  [['a.ndjson', '-m', 'register', '--format', 'edm'], 'Unknown format "edm": did you mean edn?'],
  [
    ['a.ndjson', '-m', 'register', '--set', 'budget'],
    'Cannot use --set: current value is "budget", must be name=value',
  ],
  [['a.ndjson', '-m', 'serializable', '--set', 'limit=0'], 'current limit is 0'],
  [['nosuch.ndjson', '-m', 'register'], 'Cannot read the history nosuch.ndjson: ENOENT'],
  [['bad.ndjson', '-m', 'register'], 'bad.ndjson:2:1: Cannot read the event: process 0 ends read'],
  [['a.ndjson'], "required option '-m, --model <name>' not specified"],
] as const)('misuse is exit 2: %j', async (args, message) => {
  const { code, stdout, stderr } = await check(args, {
    'a.ndjson': GOOD,
    'bad.ndjson': `\n${events(['ok', 'read', 1])}`,
  });
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/^ +at /m);
});
