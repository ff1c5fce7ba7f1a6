import { createProxy, blackhole, latency, refuse, type Proxy } from '@chaos/net-proxy';
import { createRandom, type Random } from '@chaos/stats';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from './support/fleet-queues.ts';
import { eventually } from './support/eventually.ts';
import { endsOf, KEY, manyFiles, REPORTER, startStore, verdictsOf, waits, type FleetStore } from './support/fleet.ts';
import { createProject, type Project } from './support/project.ts';
import { startChaos, type ChaosProcess } from './support/start-chaos.ts';

// Chaos on ourselves: agents are killed, their links to the store cut, black-holed and slowed, the store is restarted.
// Whatever happens, each test has exactly one verdict, none is lost, and nothing is left.
// `FLEET_SEEDS=100` runs as many seeds; a failure names its seed: `FLEET_SEED=…` repeats its choices.

const SEEDS =
  process.env['FLEET_SEED']?.split(',') ??
  Array.from({ length: Number(process.env['FLEET_SEEDS'] ?? 4) }, (_, index) => `seed-${index}`);
const FILES = 5;
const TESTS = 5;
const AGENTS = 3;
const NEVER = new AbortController().signal;

interface Machine {
  readonly name: string;
  readonly agent: ChaosProcess;
  readonly link: Proxy;
}

async function startMachine(project: Project, store: FleetStore, name: string): Promise<Machine> {
  const { hostname, port } = new URL(store.url);
  const link = await createProxy({
    name,
    listen: { host: '127.0.0.1', port: 0 },
    upstream: { host: hostname, port: Number(port) },
  });
  onTestFinished(() => link.close());
  const url = new URL(store.url);
  url.port = String(link.listen.port);
  const agent = startChaos(project, ['agent', '--name', name], {
    env: { CHAOS_FLEET: url.href, CHAOS_FLEET_KEY: KEY },
  });
  return { name, agent, link };
}

/** Something that happens to the fleet; resolves when it is over. */
type Mishap = (
  machines: Machine[],
  random: Random,
  store: FleetStore,
  replace: () => Promise<Machine>,
) => Promise<string>;

const onLink =
  (what: string, toxic: () => Parameters<Proxy['add']>[0]): Mishap =>
  async (machines, random) => {
    const machine = random.pick(machines);
    const ms = 300 + Math.round(random.next() * 4_000);
    const active = machine.link.add(toxic());
    await sleep(ms);
    await active.remove();
    return `${machine.name}: ${what} for ${ms} ms`;
  };

const MISHAPS: readonly Mishap[] = [
  async (machines, random, _store, replace) => {
    const machine = random.pick(machines);
    machine.agent.kill('SIGKILL');
    machines.splice(machines.indexOf(machine), 1, await replace());
    return `${machine.name}: killed`;
  },
  onLink('cut', () => refuse()),
  onLink('black hole', () => blackhole()),
  onLink('slow', () => latency({ latencyMs: 120, jitterMs: 60 })),
  async (_machines, random, store) => {
    const outage = await store.restart().inject(NEVER);
    const ms = Math.round(random.next() * 1_500);
    await sleep(ms);
    await outage.heal();
    return `store: away for ${ms} ms`;
  },
];

async function misbehave(
  project: Project,
  store: FleetStore,
  machines: Machine[],
  random: Random,
  over: AbortSignal,
): Promise<readonly string[]> {
  const told: string[] = [];
  let count = machines.length;
  const replace = (): Promise<Machine> => startMachine(project, store, `m${count++}`);
  for (let rounds = 0; rounds < 4 && !over.aborted; rounds++) {
    await sleep(200 + Math.round(random.next() * 1_000));
    told.push(await random.pick(MISHAPS)(machines, random, store, replace));
  }
  return told;
}

test.each(
  SEEDS.flatMap((seed) => [['redis', seed] as const, ['postgres', seed] as const]).slice(
    0,
    process.env['FLEET_SEED'] ? undefined : SEEDS.length,
  ),
)(
  'a fleet on %s survives %s',
  async (kind, seed) => {
    const project = createProject({ 'reporter.mjs': REPORTER, ...manyFiles(FILES, waits(TESTS, 250)) });
    const store = await startStore(kind, project);
    const machines = await Promise.all(
      Array.from({ length: AGENTS }, (_, index) => startMachine(project, store, `m${index}`)),
    );
    const run = startChaos(
      project,
      ['run', '--fleet', store.url, '--reporter', './reporter.mjs', '--retries', '0', '--lease', '3'],
      { env: { CHAOS_FLEET_KEY: KEY } },
    );
    await eventually(() => endsOf(project).length > 0, run.stderr);
    const over = new AbortController();
    const misbehaving = misbehave(project, store, machines, createRandom(seed, kind), over.signal);
    const { code } = await run.exited;
    over.abort();
    const told = `${(await misbehaving).join('\n')}\n${run.stderr()}`;
    const ends = endsOf(project);
    expect(code, told).toBe(0);
    expect([...verdictsOf(ends).values()], told).toEqual(Array(FILES * TESTS).fill('expected'));
    // Each lost attempt says so, and nothing else is no verdict.
    for (const { outcome, status, errors } of ends)
      if (outcome === undefined)
        expect([status, errors[0]]).toEqual(['interrupted', expect.stringContaining('was lost')]);
    for (const { agent } of machines) agent.kill('SIGTERM');
    await Promise.all(machines.map(({ agent }) => agent.exited));
    if (kind === 'redis') expect(await (await openStore(store.url)).list('chaos-runs')).toEqual([]);
  },
  180_000,
);
