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
