import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasEnded, readProcessStat } from '@chaos/env/process';
import type { DriverContext } from '@chaos/spec';
import { expect, onTestFinished, test } from 'vitest';
import { command } from './command.js';
import type { CommandLine } from './run-command.js';

const context = {
  url: 'http://127.0.0.1:1',
  urls: { postgres: 'postgres://here' },
  config: { timeoutMs: 10_000, deadlineFactor: 1, rootDir: import.meta.dirname },
  signal: new AbortController().signal,
} as unknown as DriverContext;

const isRunning = (pid: number): boolean => {
  const stat = readProcessStat(pid);
  return stat !== undefined && !hasEnded(stat);
};
const node = (program: string): CommandLine => [process.execPath, '--eval', program];

test('the output is the answer: text, JSON, or what a function makes of it', async () => {
  expect(await command(node('console.log("a b")'))(context)).toBe('a b');
  expect(await command(node('console.log("{}")'), { output: 'json' })(context)).toEqual({});
  expect(await command<number>(node('console.log(42)'), { output: Number })(context)).toBe(42);
  expect(await command(node('console.log(42)'), { output: 'none' })(context)).toBeUndefined();
});

test('it gets arguments, input, variables and its folder', async () => {
  const operation = command<string, [a: string, b: string]>(
    (a, b) =>
      [
        ...node(
          'process.stdin.on("data", (d) => console.log(process.argv.slice(1).join(), String(d), process.env.DB, process.cwd()))',
        ),
        a,
        b,
      ] as unknown as CommandLine,
    {
      input: (a) => `for ${a}`,
      env: ({ urls }) => ({ DB: urls['postgres'] }),
    },
  );
  expect(await operation(context, 'x', 'y z')).toBe(`x,y z for x postgres://here ${import.meta.dirname}`);
});

test.each([
  ['a code that rejects', 'process.exit(2)', { rejected: [2] }, 'rejected'],
  ['a code of one that is down', 'process.exit(69)', { unavailable: [69] }, 'unavailable'],
  ['any other code', 'console.error("no luck"); process.exit(1)', { rejected: [2] }, 'unknown'],
  ['a signal', 'process.kill(process.pid, "SIGKILL")', {}, 'unknown'],
  ['no end', 'setInterval(() => {}, 1000)', { timeoutMs: 200 }, 'timeout'],
])('%s is an outcome', async (_, program, options, outcome) => {
  await expect(command(node(program), options)(context)).rejects.toMatchObject({ code: 'OPERATION', outcome });
});

test('what a command has started is killed with it, also after its parent has gone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-command-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'pid');
  for (const script of ['sleep 1000 & echo $! > "$0"; wait', '(sleep 1000 & echo $! > "$0"); sleep 1000']) {
    const line: CommandLine = ['sh', '-c', script, file];
    await expect(command(line, { timeoutMs: 2000 })(context)).rejects.toMatchObject({ outcome: 'timeout' });
    expect(isRunning(Number(readFileSync(file, 'utf8')))).toBe(false);
    rmSync(file);
    const over = new AbortController();
    const run = command(line)({ ...context, signal: over.signal });
    const failure = run.then(
      () => undefined,
      (error: unknown) => error,
    );
    await expect.poll(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n')).toBe(true);
    over.abort(new Error('the test is over'));
    expect(await failure).toMatchObject({ message: expect.stringContaining('the test is over') as string });
    expect(isRunning(Number(readFileSync(file, 'utf8')))).toBe(false);
    rmSync(file);
  }
});

test('an error says the command, its code and its last words', async () => {
  await expect(command(node('console.error("no luck"); process.exit(1)'))(context)).rejects.toThrow(
    /--eval .* exited with code 1: no luck$/,
  );
});

test('output that cannot be read, or is not right, is a violated invariant', async () => {
  await expect(command(node('console.log("<")'), { output: 'json' })(context)).rejects.toMatchObject({
    code: 'INVARIANT_VIOLATION',
  });
  const counted = command<number>(node('console.log(-1)'), { output: Number, right: (count) => count >= 0 });
  await expect(counted(context)).rejects.toThrow(/answered: -1, which is not right/);
});

test('a program that is not there is a misuse, and an abort is its reason', async () => {
  await expect(command(['there-is-none'])(context)).rejects.toMatchObject({ code: 'USAGE' });
  const reason = new Error('the test is over');
  await expect(command(node(''))({ ...context, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});
