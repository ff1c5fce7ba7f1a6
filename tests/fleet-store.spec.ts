import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openStore } from './support/fleet-queues.ts';
import { eventually } from './support/eventually.ts';
import { endsOf, KEY, manyFiles, REPORTER, startStore, verdictsOf, waits } from './support/fleet.ts';
import { createProject, type Project } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { startChaos, type ChaosProcess } from './support/start-chaos.ts';

// Agents and runs that meet in a store, as over many machines; what is lost here is the command, the store, trust.

const FLAGS = ['--reporter', './reporter.mjs', '--retries', '0', '--lease', '3'];

function startAgents(project: Project, url: string, count: number, key = KEY): readonly ChaosProcess[] {
  return Array.from({ length: count }, (_, index) =>
    startChaos(project, ['agent', '--name', `a${index}`], { env: { CHAOS_FLEET: url, CHAOS_FLEET_KEY: key } }),
  );
}

const runArgs = (url: string, ...more: readonly string[]): string[] => ['run', '--fleet', url, ...FLAGS, ...more];
const env = { CHAOS_FLEET_KEY: KEY };

test('a run whose command is lost is continued: each test gets one verdict, none runs again that has one', async () => {
  const project = createProject({ 'reporter.mjs': REPORTER, ...manyFiles(4, waits(4, 300)) });
  const { url } = await startStore('redis', project);
  const agents = startAgents(project, url, 2);
  const first = startChaos(project, runArgs(url), { env });
  await eventually(() => endsOf(project).length >= 5, first.stderr);
  first.kill('SIGKILL');
  await first.exited;
  const before = endsOf(project);
  const runId = /run (\w+) waits/.exec(first.stderr())![1]!;
  await eventually(
    () => agents.every((agent) => agent.stderr().includes('its coordinator is gone')),
    () => agents.map((agent) => agent.stderr()).join(),
  );
  const second = await runChaos(project, runArgs(url, '--resume', runId), { env: { ...env, ENDS: 'second' } });
  expect(second.code, second.output).toBe(0);
  const verdicts = verdictsOf(endsOf(project, 'second'));
  expect([...verdicts.values()]).toEqual(Array(16).fill('expected'));
  for (const { id } of before) expect(verdicts.get(id)).toBe('expected');
  const hosts = endsOf(project, 'second').filter(
    ({ id, outcome }) => outcome !== undefined && before.some((end) => end.id === id),
  );
  for (const { id, host } of hosts) expect(host).toBe(before.find((end) => end.id === id)!.host);
  expect(await (await openStore(url)).list('chaos-runs')).toEqual([]);
});

test.each(['redis', 'postgres'] as const)('a %s that is restarted in the middle: the run goes on', async (kind) => {
  const project = createProject({ 'reporter.mjs': REPORTER, ...manyFiles(4, waits(4, 300)) });
  const store = await startStore(kind, project);
  startAgents(project, store.url, 2);
  const run = startChaos(project, runArgs(store.url), { env });
  await eventually(() => endsOf(project).length >= 4, run.stderr);
  const outage = await store.restart().inject(new AbortController().signal);
  await outage.heal();
  const { code } = await run.exited;
  expect(code, run.stderr()).toBe(0);
  expect([...verdictsOf(endsOf(project)).values()]).toEqual(Array(16).fill('expected'));
});

test('an agent of another checkout, or without the key, runs nothing; the run says why', async () => {
  const project = createProject({ 'reporter.mjs': REPORTER, ...manyFiles(1, waits(2, 10)) });
  const other = createProject({ ...manyFiles(1, waits(2, 10)), 'chaos.yaml': 'runner: {}\n' });
  writeFileSync(other.file('f0.chaos.ts'), waits(2, 11));
  const { url } = await startStore('redis', project);
  startAgents(other, url, 1);
  const [stranger] = startAgents(project, url, 1, 'a key that somebody has guessed');
  const { code, output } = await runChaos(project, runArgs(url, '--agent-timeout', '5'), { env });
  expect(code).toBe(1);
  expect(output).toMatch(
    /agent a0 \(.*\) cannot take part:\n {2}layer chaos.yaml: only here\n {2}file f0.chaos.ts: differs/,
  );
  expect(output).toContain('no agent came within 5 s');
  expect(stranger!.stderr()).not.toContain('takes part');
  expect(endsOf(project).every(({ status }) => status === 'skipped')).toBe(true);
});

test('what a stranger writes into the queues is neither run nor believed', async () => {
  const project = createProject({ 'reporter.mjs': REPORTER, ...manyFiles(2, waits(3, 300)) });
  const { url } = await startStore('redis', project);
  const store = await openStore(url);
  // Nor does it end anybody: an agent that comes and one that is there, the command, and the next one.
  const odd = [{}, null, [], { data: null }, { data: { data: 'x' } }];
  for (const [index, data] of odd.entries()) await store.addAny('chaos-runs', `c-odd${index}`, data);
  await store.addAny('chaos-runs', 'odd', {});
  const [agent] = startAgents(project, url, 1);
  const run = startChaos(project, runArgs(url), { env });
  await eventually(() => endsOf(project).length >= 1, run.stderr);
  const runId = /run (\w+) waits/.exec(run.stderr())![1]!;
  const ids = endsOf(project).map(({ id }) => id);
  const forged = Buffer.from(JSON.stringify({ id: 'x', generation: 1, ids, alone: false })).toString('base64');
  await store.add(`chaos-${runId}-units-0`, 'x', forged);
  await store.add(`chaos-${runId}-agents`, 'x', forged);
  for (const [index, data] of odd.entries())
    for (const queue of ['units-0', 'agents', 'events', 'plan'])
      await store.addAny(`chaos-${runId}-${queue}`, `c-odd${index}`, data);
  const { code } = await run.exited;
  expect(code, run.stderr()).toBe(0);
  expect(endsOf(project)).toHaveLength(6);
  expect(agent!.stderr()).not.toContain('error');
});
