import type { Random } from '@chaos/stats';
import { expect, it } from 'vitest';
import { check } from './check.js';
import { describeVerdict } from './describe-verdict.js';
import { FUZZ_TIMEOUT_MS, forSeeds } from './fuzz.test.helper.js';
import { casRegister, mutex, queue, set, uniqueRegister } from './linearizability/objects.test.helper.js';
import type { SimulatedObject } from './linearizability/objects.test.helper.js';
import { simulate } from './linearizability/simulate.test.helper.js';
import type { Operation } from './operation.js';
import { randomTransactions } from './transactions/random-transactions.test.fixture.js';

// The text of a verdict depends on what happened, and on names only by naming them.

interface Source {
  readonly models: readonly string[];
  readonly make: (random: Random) => Operation[];
}

const object = (create: () => SimulatedObject, ...models: string[]): Source => ({
  models,
  make(random) {
    const { operations } = simulate(random, {
      ...create(),
      clients: 4,
      operations: 16,
      infoRatio: 0.1,
      failRatio: 0.1,
    });
    const changed = operations.map((one) => ({ ...one }));
    const [one, other] = [random.pick(changed), random.pick(changed)];
    if (one.f === other.f) [one.value, other.value] = [other.value, one.value];
    return changed;
  },
});
const transactions = (kind: 'append' | 'w'): Source => ({
  models: ['strict-serializable', 'snapshot-isolation', 'read-committed'],
  make: (random) => randomTransactions(random, { kind, keys: ['x', 'y'], wildReads: 0.1 }),
});

const SOURCES: Readonly<Record<string, Source>> = {
  lists: transactions('append'),
  registers: transactions('w'),
  'a register': object(uniqueRegister, 'linearizable-register'),
  'a cas-register': object(() => casRegister(3), 'linearizable-cas-register'),
  'a queue': object(queue, 'linearizable-queue', 'queue', 'total-queue'),
  'a set': object(set, 'linearizable-set', 'set', 'set-full'),
  'a mutex': object(mutex, 'linearizable-mutex'),
};

/** Other names for processes, keys and values, none of which sorts as before. */
function rename(
  random: Random,
  operations: readonly Operation[],
): { renamed: Operation[]; back: (text: string) => string } {
  const names = new Map<string, string>();
  const numbers = random.shuffle(Array.from({ length: 400 }, (_, at) => 5000 + at));
  const nameOf = (kind: string, old: unknown): number => {
    const known = [...names].find(([, name]) => name === `${kind}${String(old)}`);
    if (known !== undefined) return Number(known[0]);
    const fresh = numbers.pop()!;
    names.set(`${fresh}`, `${kind}${String(old)}`);
    return fresh;
  };
  const valueOf = (value: unknown): unknown =>
    value === null || value === undefined ? value : Array.isArray(value) ? value.map(valueOf) : nameOf('v', value);
  const stepOf = ([f, key, value]: readonly [string, string, unknown]): unknown => [
    f,
    nameOf('k', key),
    valueOf(value),
  ];
  const renamed = operations.map((one) => ({
    ...one,
    process: nameOf('p', one.process),
    value: one.f === 'txn' ? (one.value as [string, string, unknown][]).map(stepOf) : valueOf(one.value),
  }));
  return {
    renamed,
    back: (text) => text.replace(/\b5\d\d\d\b/g, (name) => names.get(name)?.slice(1) ?? name),
  };
}

it.each(Object.entries(SOURCES))(
  '%s: renamed processes, keys and values change names only',
  (name, { models, make }) => {
    forSeeds(`renamed ${name}`, 50, (random) => {
      const operations = make(random);
      const { renamed, back } = rename(random, operations);
      for (const model of models) {
        const verdict = check({ operations, faults: [] }, { model });
        const other = check({ operations: renamed, faults: [] }, { model });
        expect(back(describeVerdict(other))).toBe(describeVerdict(verdict));
      }
    });
  },
  FUZZ_TIMEOUT_MS,
);
