import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { testsByTitle } from './support/json-report.ts';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';

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
