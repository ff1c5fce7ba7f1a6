import { createRandom, type Random } from '@chaos/stats';
import { describe, expect, test } from 'vitest';
import type { Claims } from '../plan/claims.js';
import type { JobChain, Job } from '../plan/job-chains.js';
import { JobQueue } from './job-queue.js';

const NOTHING: Claims = { exclusive: [], shared: [], weight: {} };
const CAPACITIES = { cpu: 4, disk: 1 };

function chain(name: string, claims: Partial<Claims>): JobChain {
  const job = {
    file: name,
    tests: [],
    serial: false,
    claims: { ...NOTHING, ...claims },
    slotNeeds: [],
    slotFixtures: {},
    retry: 0,
    notBeforeMs: 0,
    fresh: false,
    repeats: false,
    isolated: false,
    again: false,
  };
  return { file: name, jobs: [job] };
}

/** Dispatches jobs as a dispatcher does; the seed decides which running job ends next. */
class Simulation {
  readonly queue = new JobQueue(CAPACITIES);
  readonly running = new Map<number, { readonly chain: JobChain; readonly job: Job }>();
  readonly begun: string[] = [];
  readonly #slots: number;

  constructor(slots: number) {
    this.#slots = slots;
  }

  begin(): void {
    for (let slot = 0; slot < this.#slots; slot++) {
      const next = this.queue.isBusy(slot) ? undefined : this.queue.take(slot);
      if (!next) continue;
      this.running.set(slot, next);
      this.begun.push(next.job.file);
    }
  }

  endOne(random: Random): void {
    const [slot, { chain: ended, job }] = random.pick([...this.running]);
    this.running.delete(slot);
    this.queue.giveBack(slot, ended, job);
  }
}

function conflict(jobs: readonly Job[]): string | undefined {
  for (const [name, capacity] of Object.entries(CAPACITIES)) {
    const weighing = jobs.filter(({ claims }) => claims.weight[name] !== undefined);
    const sum = weighing.reduce((total, { claims }) => total + (claims.weight[name] ?? 0), 0);
    if (sum > capacity + 1e-9 && weighing.length > 1) return `${sum} of ${capacity} ${name}`;
  }
  for (const [index, { claims: a }] of jobs.entries()) {
    for (const { claims: b } of jobs.slice(index + 1)) {
      if ([...a.exclusive, ...b.exclusive].includes('host')) return 'the host is not alone';
      const clash =
        a.exclusive.find((name) => [...b.exclusive, ...b.shared].includes(name)) ??
        b.exclusive.find((name) => a.shared.includes(name));
      if (clash !== undefined) return clash;
    }
  }
  return undefined;
}

function drawClaims(random: Random): Partial<Claims> {
  const names = ['a', 'b', 'c', 'd'].filter(() => random.next() < 0.3);
  const exclusive = names.filter(() => random.next() < 0.5);
  if (random.next() < 0.05) exclusive.push('host');
  const weight = {
    ...(random.next() < 0.5 && { cpu: random.integer(1, 6) }),
    ...(random.next() < 0.2 && { disk: 0.3 }),
  };
  return { exclusive, shared: names.filter((name) => !exclusive.includes(name)), weight };
}

test.each(Array.from({ length: 50 }, (_, seed) => seed))(
  'whatever is claimed, all of it runs and nothing that excludes each other runs together (seed %i)',
  (seed) => {
    const random = createRandom(String(seed), 'claims');
    const simulation = new Simulation(random.integer(1, 6));
    simulation.queue.add(...Array.from({ length: 200 }, (_, index) => chain(String(index), drawClaims(random))));
    for (simulation.begin(); simulation.running.size > 0; simulation.begin()) {
      expect(conflict([...simulation.running.values()].map(({ job }) => job))).toBeUndefined();
      simulation.endOne(random);
    }
    expect(simulation.queue.isEmpty).toBe(true);
    expect(new Set(simulation.begun).size).toBe(200);
  },
);

describe('nobody starves while others come for ever', () => {
  test.each<[string, Partial<Claims>, Partial<Claims>]>([
    ['an exclusive one among shared ones', { exclusive: ['a'] }, { shared: ['a'] }],
    ['one that wants the host among all others', { exclusive: ['host'] }, {}],
    ['a heavy one among light ones', { weight: { cpu: 4 } }, { weight: { cpu: 1 } }],
    ['one heavier than the machine', { weight: { cpu: 64 } }, { weight: { cpu: 1 } }],
    ['one that wants two locks among those that want one of them', { exclusive: ['a', 'b'] }, { shared: ['b'] }],
  ])('%s', (_, hungry, greedy) => {
    const random = createRandom('starvation', 'ends');
    const simulation = new Simulation(4);
    const feed = (count: number): void =>
      simulation.queue.add(...Array.from({ length: count }, () => chain('greedy', greedy)));
    feed(8);
    simulation.begin();
    simulation.queue.add(chain('hungry', hungry));
    for (let ends = 0; !simulation.begun.includes('hungry'); ends++) {
      // Jobs before it in the queue, and running ones; never one that came later.
      expect(ends).toBeLessThanOrEqual(8);
      feed(1);
      simulation.endOne(random);
      simulation.begin();
    }
  });

  test('what waits keeps nobody from what it does not want', () => {
    const simulation = new Simulation(3);
    simulation.queue.add(
      chain('holds a', { exclusive: ['a'] }),
      chain('waits for a', { exclusive: ['a'], weight: { cpu: 3 } }),
      chain('fits beside it', { weight: { cpu: 1 }, shared: ['b'] }),
    );
    simulation.begin();
    expect(simulation.begun).toEqual(['holds a', 'fits beside it']);
  });
});

test('a slot takes first what it has imported, within a tier, but no chain gives way twice', () => {
  const queue = new JobQueue(
    CAPACITIES,
    new Map([
      ['a', 1],
      ['b', 1],
      ['c', 0],
      ['d', 1],
      ['e', 0],
      ['f', 1],
      ['g', 0],
    ]),
  );
  queue.add(...['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => ({ ...chain(name, {}), tier: name < 'f' ? 0 : 1 })));
  expect(Array.from({ length: 8 }, () => queue.take(0)?.job.file)).toEqual([
    'c',
    'a',
    'e',
    'b',
    'd',
    'g',
    'f',
    undefined,
  ]);
});

test('without tiers the order stands', () => {
  const queue = new JobQueue(
    CAPACITIES,
    new Map([
      ['a', 1],
      ['b', 0],
    ]),
  );
  queue.add(chain('a', {}), chain('b', {}));
  expect(queue.take(0)?.job.file).toBe('a');
});
