import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testsByTitle } from '../support/json-report.ts';
import { createProject } from '../support/project.ts';
import { HEAD } from '../support/run-tests.ts';
import { runChaos } from '../support/run-chaos.ts';
import { startChaos } from '../support/start-chaos.ts';
import { untilNothingIsLeft } from '../support/until-nothing-is-left.ts';

// The same, as a user gets it: the packages packed, installed outside of the repository, and run through what the package manager has made.
const PACKAGES = join(import.meta.dirname, '..', '..', 'packages');
const PNPM = ['-y', 'pnpm@10'];
let folder: string;
let modules: string;

beforeAll(() => {
  folder = mkdtempSync('/tmp/black-box-packed-');
  const overrides: Record<string, string> = {};
  for (const name of readdirSync(PACKAGES)) {
    const manifest = JSON.parse(readFileSync(join(PACKAGES, name, 'package.json'), 'utf8')) as { name: string; private?: boolean };
    if (manifest.private) continue;
    const destination = join(folder, 'tarballs', name);
    mkdirSync(destination, { recursive: true });
    execFileSync('npx', [...PNPM, 'pack', '--pack-destination', destination], { cwd: join(PACKAGES, name), stdio: 'pipe' });
    overrides[manifest.name] = `file:${join(destination, readdirSync(destination)[0] as string)}`;
  }
  const dependencies = Object.fromEntries(['@chaos/cli', '@chaos/test'].map((name) => [name, overrides[name]]));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'packed', private: true, type: 'module', dependencies, pnpm: { overrides } }));
  writeFileSync(join(folder, '.npmrc'), 'ignore-scripts=true\nprefer-offline=true\nlockfile=false\n');
  execFileSync('npx', [...PNPM, 'install', '--ignore-workspace'], { cwd: folder, stdio: 'pipe', env: { ...process.env, CI: 'true' } });
  modules = join(folder, 'node_modules');
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const chaos = (...args: string[]): [string, ...string[]] => [join(modules, '.bin', 'chaos'), 'run', '--retries', '0', '--workers', '1', ...args];

test('whatever a test does to its process is one result', async () => {
  const files = {
    'a.chaos.ts': `${HEAD}
      test('exits', () => process.exit(0));
      test('loops', () => { for (;;); });
      test('throws undefined', () => { throw undefined; });
      test('rejects', () => { void Promise.reject(new Error('nobody listens')); });
      test('leaks', () => { setInterval(() => {}, 1000); });
      test('last', () => { expect(1).toBe(1); });
    `,
  };
  const run = await runChaos(createProject(files, modules), [], { command: chaos('--timeout', '1500') });
  expect(run.code, run.output).toBe(1);
  const tests = testsByTitle(run.report());
  expect([...tests].map(([title, { status }]) => [title, status])).toEqual([['exits', 'unexpected'], ['loops', 'unexpected'], ['throws undefined', 'unexpected'], ['rejects', 'unexpected'], ['leaks', 'expected'], ['last', 'expected']]);
  expect(tests.get('exits')?.results[0]?.errors[0]?.message).toMatch(/process\.exit\(0\) was called/);
  expect(tests.get('leaks')?.results[0]?.annotations?.[0]?.description).toMatch(/an interval of 1000 ms, opened at a\.chaos\.ts:\d+:/);
  await untilNothingIsLeft(run.footprint);
});

test.each<[NodeJS.Signals, boolean]>([['SIGTERM', true], ['SIGKILL', false]])('%s to the script that started it leaves nothing', async (signal, reported) => {
  const run = startChaos(createProject({ 'a.chaos.ts': `${HEAD}test('loops', () => { mark('body'); for (;;); });` }, modules), [], { command: ['sh', '-c', `"${chaos()[0]}" run --timeout 600000; exit $?`] });
  await run.marked('body');
  run.footprint.look();
  run.kill(signal);
  await run.exited;
  await untilNothingIsLeft(run.footprint);
  if (reported) expect(testsByTitle(run.report()).get('loops')?.results[0]?.status).toBe('interrupted');
});
