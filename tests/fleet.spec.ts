import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { eventually } from './support/eventually.ts';
import { endsOf, KEY, manyFiles, REPORTER, startStore, verdictsOf, waits } from './support/fleet.ts';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { startChaos } from './support/start-chaos.ts';

// `chaos run --fleet local` starts a store of ours and agents; from there on it is the same as over many machines.

const fleet = (...more: readonly string[]): string[] => [
  'run',
  '--reporter',
  './reporter.mjs',
  '--retries',
  '0',
  '--lease',
  '2',
  '--fleet',
  ...more,
];

const pidOf = (agent: string, told: string): number => Number(new RegExp(`agent ${agent} pid (\\d+)`).exec(told)?.[1]);

const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`);

test.each(['local', 'local:postgres'])('--fleet %s runs each test once, on several agents', async (where) => {
  const project = createProject({
    'reporter.mjs': REPORTER,
    ...manyFiles(4, waits(5, 150)),
    'files.chaos.ts': `import { writeFileSync } from 'node:fs';
import { test, expect } from '@chaos/test';
test('attaches', async ({}, info) => {
  const path = info.outputPath('big.bin');
  writeFileSync(path, Buffer.alloc(900_000, 'chaos'));
  await info.attach('big', { path, contentType: 'application/octet-stream' });
  expect(1).toBe(2);
});`,
  });
  const { code, output } = await runChaos(project, fleet(where, '--agents', '3'));
  const ends = endsOf(project);
  expect(code, output).toBe(1);
  expect([...verdictsOf(ends).values()].toSorted()).toEqual([...Array<string>(20).fill('expected'), 'unexpected']);
  expect(new Set(ends.map(({ host }) => host)).size).toBeGreaterThan(1);
  const [file] = ends.find(({ outcome }) => outcome === 'unexpected')!.files;
  expect(readFileSync(file!).equals(Buffer.alloc(900_000, 'chaos'))).toBe(true);
  for (const name of ['agent-1', 'agent-2', 'agent-3']) expect(isAlive(pidOf(name, output))).toBe(false);
});

test('a killed agent loses its attempt, which does not count, and its tests run elsewhere', async () => {
  const project = createProject({ 'reporter.mjs': REPORTER, ...manyFiles(4, waits(4, 400)) });
  const run = startChaos(project, fleet('local', '--agents', '3'));
  await eventually(() => endsOf(project).some(({ host }) => host === 'agent-2'), run.stderr);
  process.kill(pidOf('agent-2', run.stderr()), 'SIGKILL');
  const { code } = await run.exited;
  const ends = endsOf(project);
  expect(code, run.stderr()).toBe(0);
  expect([...verdictsOf(ends).values()]).toEqual(Array(16).fill('expected'));
  const lost = ends.filter(({ status }) => status === 'interrupted');
  expect(lost).toHaveLength(1);
  expect(lost[0]!.errors[0]).toContain('agent "agent-2" was lost');
  expect(ends.find(({ id, outcome }) => id === lost[0]!.id && outcome !== undefined)!.retry).toBe(1);
});

test('an agent that is killed, busy or idle, keeps nobody from ending', async () => {
  const project = createProject({ 'reporter.mjs': REPORTER, 'one.chaos.ts': waits(1, 2_000) });
  const run = startChaos(project, fleet('local', '--agents', '2'));
  await eventually(() => run.stderr().match(/takes part/g)?.length === 2, run.stderr);
  const busy = await eventually(() => /agent (agent-\d): .*takes part/.exec(run.stderr())?.[1], run.stderr);
  process.kill(pidOf(busy === 'agent-1' ? 'agent-2' : 'agent-1', run.stderr()), 'SIGKILL');
  const { code } = await run.exited;
  expect(code, run.stderr()).toBe(0);
  expect([...verdictsOf(endsOf(project)).values()]).toEqual(['expected']);
});

test('an agent that is killed while its workers end is an error of the run, and no worker has the key', async () => {
  const project = createProject({
    'reporter.mjs': REPORTER,
    'ends.chaos.ts': `import { test as base, expect } from '@chaos/test';
const test = base.extend<{}, { broken: number }>({
  broken: [async ({}, use) => {
    await use(1);
    process.kill(process.ppid, 'SIGKILL');
    throw new Error('never told');
  }, { scope: 'worker' }],
});
test('passes', ({ broken }) => {
  expect(Object.keys(process.env).filter((name) => name.startsWith('CHAOS_FLEET'))).toEqual([]);
});`,
  });
  const { code, output } = await runChaos(project, fleet('local', '--agents', '1'));
  expect([...verdictsOf(endsOf(project)).values()]).toEqual(['expected']);
  expect(output).toContain('The agent "agent-1" was lost before its goodbye');
  expect(code, output).toBe(1);
});

test('a test that ends its agent twice is set aside and named; the others pass', async () => {
  const project = createProject({
    'reporter.mjs': REPORTER,
    ...manyFiles(2, waits(3, 200)),
    'poison.chaos.ts': `import { test } from '@chaos/test';
test('poison', async () => {
  process.kill(process.ppid, 'SIGKILL');
  await new Promise((resolve) => setTimeout(resolve, 60_000));
});`,
  });
  const { code, output } = await runChaos(project, fleet('local', '--agents', '4'));
  const ends = endsOf(project);
  expect(code, output).toBe(1);
  const verdicts = [...verdictsOf(ends).values()].toSorted();
  expect(verdicts).toEqual([...Array<string>(6).fill('expected'), 'unexpected']);
  const poison = ends.find(({ outcome }) => outcome === 'unexpected')!;
  expect(poison.errors[0]).toMatch(/^Set aside: its agent was lost 2 times while it ran \(agent-\d, agent-\d\)/);
});

test('Ctrl-C ends every agent within seconds, and the report tells what was interrupted', async () => {
  const project = createProject({
    'reporter.mjs': REPORTER,
    ...manyFiles(2, waits(1, 60_000)),
    'q.chaos.ts': waits(1, 10),
  });
  const run = startChaos(project, fleet('local', '--agents', '2'));
  await eventually(() => endsOf(project).length === 1, run.stderr);
  await eventually(() => run.stderr().match(/takes part/g)?.length === 2, run.stderr);
  const start = performance.now();
  process.kill(run.pid, 'SIGINT');
  const { code } = await run.exited;
  expect(code).toBe(130);
  expect(performance.now() - start).toBeLessThan(15_000);
  for (const name of ['agent-1', 'agent-2']) expect(isAlive(pidOf(name, run.stderr()))).toBe(false);
});

const BROKEN = {
  'reporter.mjs': REPORTER,
  'chaos.yaml': 'runner: { global_setup: ./up.ts }',
  'up.ts': `export default () => { if (process.argv.includes('agent')) throw new Error('set-up is broken'); };`,
};

test('a run whose agents have all left does not wait for others', async () => {
  const project = createProject({ ...BROKEN, ...manyFiles(8, waits(2, 10)) });
  const { code, output } = await runChaos(project, fleet('local', '--agents', '2', '--agent-timeout', '600'));
  expect(code, output).toBe(1);
  expect(output).toContain('set-up is broken');
  expect(output).toMatch(/all agents have left \(agent-\d: its set-up failed/);
});

test('an agent whose set-up fails takes part in a run once', async () => {
  const project = createProject({ ...BROKEN, ...manyFiles(1, waits(2, 10)) });
  const { url } = await startStore('redis', project);
  const env = { CHAOS_FLEET: url, CHAOS_FLEET_KEY: KEY };
  const agent = startChaos(project, ['agent'], { env });
  const { code, output } = await runChaos(project, ['run', '--fleet', url, '--agent-timeout', '3'], { env });
  expect([code, output]).toEqual([1, expect.stringContaining('no agent came within 3 s')]);
  expect(output.match(/set-up is broken/g)).toHaveLength(1);
  agent.kill('SIGTERM');
  await agent.exited;
});
