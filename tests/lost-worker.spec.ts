import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { testsByTitle } from './support/json-report.ts';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { HEAD, runTests } from './support/run-tests.ts';

const TESTS = `
import { test } from '@chaos/test';
import { readFileSync } from 'node:fs';
const pid = Number(process.env.VICTIM);
const soft = () => /Max open files\\s+(\\d+)/.exec(readFileSync('/proc/' + pid + '/limits', 'utf8'))[1];

test('limits, and loses its worker', async ({ inject, resources }, info) => {
  console.log('before', soft());
  await inject(resources.descriptorLimit({ pid, soft: 77 }));
  console.log('during', soft());
  if (info.retry === 0) process.kill(process.pid, 'SIGKILL');
});
`;

test('what a lost worker has broken is mended before anything else runs', async () => {
  const victim = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
  onTestFinished(() => void victim.kill('SIGKILL'));
  const run = await runChaos(createProject({ 'limit.chaos.ts': TESTS }), ['run', '--retries', '1'], {
    env: { VICTIM: String(victim.pid) },
  });
  expect(run.code, run.output).toBe(0);
  const { results } = testsByTitle(run.report()).get('limits, and loses its worker')!;
  const said = results.map(({ stdout }) => stdout.map((chunk) => ('text' in chunk ? chunk.text : '')).join(''));
  const [before] = /before \d+/.exec(said[0] ?? '') ?? [];
  expect(before).toBeDefined();
  expect(said).toEqual([`${before}\nduring 77\n`, `${before}\nduring 77\n`]);
});

test('a serial group ends with the test that took its worker down, and no later pass of another round clears it', async () => {
  const { run, get } = await runTests(
    `
    test.describe.serial('group', () => {
      test('before', () => {});
      test('crashes once', ({}, info) => { if (info.retry === 0) process.kill(process.pid, 'SIGKILL'); });
      test('after', ({}, info) => { mark('after ' + info.retry); if (info.retry === 1) throw new Error('broken'); });
    });
    test.describe.serial('gone', () => {
      test('always crashes', () => process.kill(process.pid, 'SIGKILL'));
      test('never begun', () => mark('never'));
    });`,
    ['--workers', '1', '--retries', '1'],
  );
  expect(run.code, run.output).toBe(1);
  expect(run.marks()).toEqual(['after 1']);
  expect(get('crashes once').status).toBe('flaky');
  expect(get('after').status).toBe('unexpected');
  expect(get('always crashes').results).toHaveLength(2);
  expect(get('never begun').results).toEqual([]);
  expect(run.output).toContain('1 did not run');
});

test('a file that no worker survives twice is told of once, however many groups it has', async () => {
  const file = `${HEAD}
    import { existsSync, writeFileSync } from 'node:fs';
    if (existsSync(process.env.MARKS + '.seen')) process.kill(process.pid, 'SIGKILL');
    writeFileSync(process.env.MARKS + '.seen', '');
    for (const name of ['one', 'two', 'three'])
      test.describe.serial(name, () => { test('first of ' + name, () => {}); test('second of ' + name, () => {}); });`;
  const alone = `test('alone', { isolate: 'process' }, () => {});`;
  const { run } = await runTests(alone, ['--workers', '1', '--retries', '0'], '{}', { 'b.chaos.ts': file });
  expect(run.code, run.output).toBe(1);
  expect(run.output.match(/Cannot run b\.chaos\.ts: worker process exited unexpectedly/g), run.output).toHaveLength(1);
  expect(run.output).toContain('6 did not run');
});

const FIXTURE = (teardown: string): string => `
  const it = test.extend({ held: [async ({}, use) => { await use(1); ${teardown} }, { scope: 'worker' }] });
  it('a', ({ held }) => {});`;

// Each is the end of a file whose only test passes.
const LOST: Readonly<Record<string, readonly [source: string, told: RegExp]>> = {
  'exits in a worker fixture': [
    FIXTURE('process.exit(0);'),
    /exited unexpectedly \(code=0, signal=null\) in its afterAll hooks and worker fixtures: process\.exit\(0\) was called/,
  ],
  'is killed in a worker fixture': [
    FIXTURE("process.kill(process.pid, 'SIGKILL');"),
    /exited unexpectedly \(code=null, signal=SIGKILL\) in its afterAll hooks/,
  ],
  'exits after a test, before the next one': [
    `test('a', () => { setTimeout(() => { mark('gone'); process.exit(0); }, 300); });`,
    /exited unexpectedly \(code=0, signal=null\) between tests: process\.exit\(0\) was called/,
  ],
};

test.each(Object.entries(LOST))('a worker that %s fails the run, though its test passed', async (_, [source, told]) => {
  // Keeps the run going until the worker of the first file is gone.
  const other = `${HEAD}
    import { readFileSync, existsSync } from 'node:fs';
    const gone = () => existsSync(process.env.MARKS) && readFileSync(process.env.MARKS, 'utf8').includes('gone');
    test('b', async () => { ${source.includes('gone') ? 'while (!gone()) await delay(20); await delay(300);' : ''} });`;
  const config = 'runner: { workers: 2, retries: 0, leaks: off }';
  const { run, get } = await runTests(source, [], config, { 'b.chaos.ts': other });
  expect(run.code, run.output).toBe(1);
  expect(run.output).toMatch(told);
  expect(run.output).toContain('1 error was not a part of any test');
  expect([get('a').status, get('b').status]).toEqual(['expected', 'expected']);
});
