import { createRandom, type Random } from '@chaos/stats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../check.js';
import { FUZZ_TIMEOUT_MS, forSeeds, fuzzCount, fuzzRuns } from '../fuzz.test.helper.js';
import type { History } from '../history.js';
import { counter, queue, set, type SimulatedObject } from '../linearizability/objects.test.helper.js';
import { simulate } from '../linearizability/simulate.test.helper.js';
import type { Operation } from '../operation.js';

interface Scenario {
  readonly model: string;
  readonly options?: object;
  readonly create: () => SimulatedObject;
  /** Final operation, after all others. */
  readonly last?: { readonly f: string };
  /** Breaks a valid history in one known way, and names it; undefined where it has nothing to break. */
  readonly mutations: Readonly<Record<string, (operations: Mutable[], random: Random) => boolean>>;
}
type Mutable = { -readonly [K in keyof Operation]: Operation[K] };

const okReads = (operations: readonly Mutable[]): Mutable[] =>
  operations.filter(({ f, type }) => f === 'read' && type === 'ok');
const lastRead = (operations: readonly Mutable[]): Mutable =>
  okReads(operations)
    .sort((a, b) => a.invoked - b.invoked)
    .at(-1) as Mutable;
// Changes one of some operations; false where there are none.
const one = (candidates: readonly Mutable[], random: Random, change: (operation: Mutable) => void): boolean => {
  if (candidates.length === 0) return false;
  change(random.pick(candidates));
  return true;
};
const refuse = (operations: Mutable[], random: Random, f: string, isSeen: (value: unknown) => boolean): boolean =>
  one(
    operations.filter((each) => each.f === f && each.type === 'ok' && isSeen(each.value)),
    random,
    (each) => {
      each.type = 'fail';
    },
  );

function bank(): SimulatedObject {
  const balances = [10, 10, 10];
  return {
    apply({ f, value }) {
      if (f === 'read') return { value: Object.fromEntries(balances.entries()) };
      const { from, to, amount } = value as { from: number; to: number; amount: number };
      if ((balances[from] as number) < amount) return 'fail';
      balances[from]! -= amount;
      balances[to]! += amount;
      return { value };
    },
    call: (random) =>
      random.next() < 0.5
        ? { f: 'read', value: null }
        : {
            f: 'transfer',
            value: { from: random.integer(0, 2), to: random.integer(0, 2), amount: random.integer(1, 5) },
          },
  };
}

function ids(): SimulatedObject {
  let next = 0;
  return { apply: () => ({ value: ++next }), call: () => ({ f: 'generate', value: null }) };
}

function longFork(): SimulatedObject {
  const written = new Set<number>();
  const free = Array.from({ length: 30 }, (_, key) => key);
  return {
    apply({ f, value }) {
      const steps = value as [string, number, unknown][];
      if (f === 'read') return { value: steps.map(([kind, key]) => [kind, key, written.has(key) ? 1 : null]) };
      for (const [, key] of steps) written.add(key);
      return { value };
    },
    call(random) {
      if (free.length > 0 && random.next() < 0.3) return { f: 'write', value: [['w', free.shift(), 1]] };
      const group = Math.floor((30 - free.length) / 3) * 3;
      return { f: 'read', value: [group, group + 1, group + 2].map((key) => ['r', key, null]) };
    },
  };
}

function blindWrites(): SimulatedObject {
  const values: number[] = [];
  let next = 0;
  return {
    apply({ f, value }) {
      if (f === 'write') values.push(value as number);
      return { value: f === 'write' ? value : [...values] };
    },
    call: (random) => (random.next() < 0.4 ? { f: 'read', value: null } : { f: 'write', value: ++next }),
  };
}

function highest(): SimulatedObject {
  const rows: { value: number; timestamp: number }[] = [];
  return {
    apply({ f }) {
      if (f === 'read') return { value: [...rows] };
      const row = { value: rows.length + 1, timestamp: rows.length * 10 };
      rows.push(row);
      return { value: row };
    },
    call: () => ({ f: 'add', value: null }),
  };
}

function insertOnce(): SimulatedObject {
  const keys = new Set<unknown>();
  let next = 0;
  return {
    apply({ value }) {
      const [key] = value as [number, unknown];
      if (keys.has(key)) return 'fail';
      keys.add(key);
      return { value };
    },
    call: () => ({ f: 'insert', value: [Math.floor(next / 2), next++ % 2 === 0 ? 'a' : 'b'] }),
  };
}

const dropAcknowledged = (operations: Mutable[], random: Random): boolean => {
  const read = lastRead(operations);
  return one(
    operations.filter(({ f, type, completed }) => f === 'add' && type === 'ok' && completed < read.invoked),
    random,
    ({ value }) => {
      for (const each of operations)
        if (each === read) each.value = (each.value as unknown[]).filter((element) => element !== value);
    },
  );
};
const elements: Scenario['mutations'] = {
  'lost-element': dropAcknowledged,
  'garbage-read': (operations) =>
    one([lastRead(operations)], createRandom(''), (read) => (read.value = [...(read.value as unknown[]), 'never'])),
  'duplicate-element': (operations, random) =>
    one(
      [lastRead(operations)].filter(({ value }) => (value as unknown[]).length > 0),
      random,
      (read) => (read.value = [...(read.value as unknown[]), (read.value as unknown[])[0]]),
    ),
  'aborted-read': (operations, random) =>
    refuse(operations, random, 'add', (value) => (lastRead(operations).value as unknown[]).includes(value)),
};
const dequeued = (operations: readonly Mutable[]): Mutable[] =>
  operations.filter(({ f, type, value }) => f === 'dequeue' && type === 'ok' && value !== null);
const taken: Scenario['mutations'] = {
  'garbage-read': (operations, random) => one(dequeued(operations), random, (each) => (each.value = 'never')),
  'aborted-read': (operations, random) =>
    refuse(operations, random, 'enqueue', (value) => dequeued(operations).some((each) => each.value === value)),
};
const twice = (operations: Mutable[], random: Random): boolean => {
  const all = dequeued(operations).sort((a, b) => a.completed - b.completed);
  return all.length > 1 && one([all.at(-1) as Mutable], random, (each) => (each.value = (all[0] as Mutable).value));
};

const scenarios: readonly Scenario[] = [
  {
    model: 'bank',
    create: bank,
    options: { total: 30 },
    mutations: {
      'wrong-total': (operations, random) =>
        one(
          okReads(operations),
          random,
          (read) => (read.value = { ...(read.value as object), 0: (read.value as number[])[0]! + 1 }),
        ),
      'missing-account': (operations, random) =>
        one(okReads(operations).slice(1), random, (read) => (read.value = { 0: 15, 1: 15 })),
      'negative-balance': (operations, random) =>
        one(okReads(operations), random, (read) => (read.value = { 0: -1, 1: 15, 2: 16 })),
    },
  },
  { model: 'set', create: set, last: { f: 'read' }, mutations: elements },
  { model: 'set-full', options: { linearizable: true }, create: set, last: { f: 'read' }, mutations: elements },
  {
    model: 'counter',
    create: counter,
    mutations: {
      'counter-too-low': (operations, random) => one(okReads(operations), random, (read) => (read.value = -1)),
      'counter-too-high': (operations, random) => one(okReads(operations), random, (read) => (read.value = 10_000)),
    },
  },
  { model: 'queue', create: queue, mutations: { ...taken, 'duplicate-dequeue': twice } },
  {
    model: 'total-queue',
    options: { exactlyOnce: true },
    create: queue,
    last: { f: 'drain' },
    mutations: {
      ...taken,
      'lost-element': (operations, random) =>
        one(
          operations.filter(
            ({ f, type, value }) =>
              f === 'drain' &&
              type === 'ok' &&
              (value as unknown[]).length > operations.filter((each) => each.type === 'info').length,
          ),
          random,
          (drain) => (drain.value = []),
        ),
    },
  },
  {
    model: 'unique-ids',
    create: ids,
    mutations: {
      'duplicate-id': (operations, random) =>
        one(
          operations.filter(({ type }) => type === 'ok').slice(1),
          random,
          (each) => (each.value = operations.find((other) => other !== each && other.type === 'ok')?.value),
        ),
    },
  },
  {
    model: 'long-fork',
    create: longFork,
    mutations: {
      'long-fork': (operations) => {
        for (const read of okReads(operations)) {
          const steps = read.value as [string, number, unknown][];
          const other = okReads(operations).find(
            (each) =>
              each !== read &&
              JSON.stringify((each.value as [string, number][]).map(([, key]) => key)) ===
                JSON.stringify(steps.map(([, key]) => key)),
          );
          if (other === undefined) continue;
          read.value = steps.map(([f, key], index) => [f, key, index === 0 ? 1 : null]);
          other.value = steps.map(([f, key], index) => [f, key, index === 1 ? 1 : null]);
          return true;
        }
        return false;
      },
    },
  },
  {
    model: 'monotonic',
    create: highest,
    last: { f: 'read' },
    mutations: {
      'lost-element': (operations, random) => {
        const read = lastRead(operations);
        return one(
          operations.filter(({ f, type }) => f === 'add' && type === 'ok'),
          random,
          ({ value }) =>
            (read.value = (read.value as { value: number }[]).filter(
              (row) => row.value !== (value as { value: number }).value,
            )),
        );
      },
      'timestamps-out-of-order': (operations, random) =>
        one(
          [lastRead(operations)].filter(({ value }) => (value as unknown[]).length > 1),
          random,
          (read) =>
            (read.value = (read.value as { value: number }[]).map((row, index) => ({ ...row, timestamp: -index }))),
        ),
      'revived-element': (operations, random) => refuse(operations, random, 'add', () => true),
    },
  },
  {
    model: 'predicate-g2',
    create: insertOnce,
    mutations: {
      G2: (operations, random) =>
        one(
          operations.filter(
            ({ type, value }) =>
              type === 'fail' &&
              operations.some((each) => each.type === 'ok' && (each.value as unknown[])[0] === (value as unknown[])[0]),
          ),
          random,
          (each) => (each.type = 'ok'),
        ),
    },
  },
  {
    model: 'causal-reverse',
    create: blindWrites,
    mutations: {
      'causal-reverse': (operations, random) =>
        one(
          okReads(operations).filter(({ value }) => (value as unknown[]).length > 6),
          random,
          (read) => {
            // Without the first that was acknowledged, but with one that began after it.
            const first = operations
              .filter(({ f, type }) => f === 'write' && type === 'ok')
              .sort((a, b) => a.completed - b.completed)[0] as Mutable;
            read.value = operations
              .filter(({ f, invoked, type }) => f === 'write' && type === 'ok' && invoked > first.completed)
              .map(({ value }) => value);
          },
        ) && operations.filter(({ f, type }) => f === 'write' && type === 'ok').length > 8,
    },
  },
];

// A valid history, ended by what is asked last.
function valid(random: Random, { create, last }: Scenario): History {
  const object = create();
  const { operations } = simulate(random, {
    ...object,
    clients: random.integer(2, 6),
    operations: 40,
    infoRatio: 0.05,
    failRatio: 0.05,
  });
  if (last === undefined) return { operations, faults: [] };
  const drain = (): unknown[] => {
    const left: unknown[] = [];
    for (
      let answer = object.apply({ f: 'dequeue', value: null });
      typeof answer === 'object' && answer.value !== null;
      answer = object.apply({ f: 'dequeue', value: null })
    )
      left.push(answer.value);
    return left;
  };
  const answer = last.f === 'drain' ? { value: drain() } : object.apply({ f: last.f, value: null });
  const at = 1e6;
  const final: Operation = {
    process: 999,
    f: last.f,
    type: 'ok',
    value: typeof answer === 'object' ? answer.value : null,
    invoked: at,
    completed: at + 1,
    invokedNs: at * 1e6,
    completedNs: (at + 1) * 1e6,
  };
  return { operations: [...operations, final], faults: [] };
}

describe('invariant checkers on simulated histories', { timeout: FUZZ_TIMEOUT_MS }, () => {
  it.each(scenarios)('$model: no false alarm', (scenario) => {
    let said = 0;
    forSeeds(`valid ${scenario.model}`, 100, (random) => {
      const verdict = check(valid(random, scenario), {
        model: scenario.model,
        ...scenario.options,
      });
      if (verdict.valid === false) expect(verdict.anomalies).toEqual([]);
      if (verdict.valid === true) said++;
    });
    expect(said).toBeGreaterThan(fuzzCount(100) / 4);
  });

  it.each(
    scenarios.flatMap((scenario) =>
      Object.entries(scenario.mutations).map(([type, mutate]) => ({ ...scenario, type, mutate })),
    ),
  )('$model: finds and names a $type', (scenario) => {
    let broken = 0;
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 8 }), (seed) => {
        const random = createRandom(seed, scenario.model);
        const operations: Mutable[] = valid(random, scenario).operations.map((operation) => ({ ...operation }));
        if (!scenario.mutate(operations, random)) return;
        broken++;
        const verdict = check({ operations, faults: [] }, { model: scenario.model, ...scenario.options });
        expect(verdict.valid).toBe(false);
        expect(verdict.anomalies.map(({ type }) => type)).toContain(scenario.type);
      }),
      fuzzRuns(50),
    );
    expect(broken).toBeGreaterThan(10);
  });
});
