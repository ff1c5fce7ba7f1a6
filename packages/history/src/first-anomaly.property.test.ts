import type { Random } from '@chaos/stats';
import { expect, it } from 'vitest';
import { check } from './check.js';
import { describeOperation } from './describe/describe-operation.js';
import { FUZZ_TIMEOUT_MS, forSeeds } from './fuzz.test.helper.js';
import {
  casRegister,
  counter,
  multiRegister,
  mutex,
  ownedMutex,
  queue,
  set,
  uniqueRegister,
  type SimulatedObject,
} from './linearizability/objects.test.helper.js';
import { simulate } from './linearizability/simulate.test.helper.js';
import type { Operation } from './operation.js';
import type { Verdict } from './verdict.js';

// What is told first is what was seen first: the operation whose end made the history wrong takes part in it,
// or it is what was told then.

interface Source {
  readonly model: string;
  readonly make: (random: Random) => Operation[];
}

const object = (model: string, create: () => SimulatedObject): Source => ({
  model,
  make(random) {
    const { operations } = simulate(random, {
      ...create(),
      clients: 4,
      operations: 20,
      infoRatio: 0.1,
      failRatio: 0.1,
    });
    return disturb(random, disturb(random, disturb(random, operations)));
  },
});

const SOURCES: readonly Source[] = [
  object('linearizable-register', uniqueRegister),
  object('linearizable-cas-register', () => casRegister(3)),
  object('linearizable-multi-register', multiRegister),
  object('linearizable-mutex', mutex),
  object('linearizable-owned-mutex', ownedMutex),
  object('linearizable-queue', queue),
  object('linearizable-set', set),
  object('linearizable-counter', counter),
  object('queue', queue),
  object('counter', counter),
];

// Swaps the answers of two operations of one kind.
function disturb(random: Random, operations: readonly Operation[]): Operation[] {
  const changed = operations.map((one) => ({ ...one }));
  const [one, other] = [random.pick(changed), random.pick(changed)];
  if (one.f === 'acquire' || one.f === 'release') [one.f, other.f] = [other.f, one.f];
  else if (one.f === other.f) [one.value, other.value] = [other.value, one.value];
  return changed;
}

/** The history as it stood at a position: what had not ended has an unknown outcome, but for what failed later. */
function until(position: number, operations: readonly Operation[]): Operation[] {
  return operations
    .filter(({ invoked }) => invoked <= position)
    .map((one) =>
      one.type === 'fail' || one.completed <= position
        ? one
        : { ...one, type: 'info' as const, completed: Infinity, completedNs: Infinity },
    );
}

it.each(SOURCES)(
  '$model',
  ({ model, make }) => {
    let wrong = 0;
    forSeeds(`first of ${model}`, 70, (random) => {
      const operations = make(random);
      const { valid, anomalies } = check({ operations, faults: [] }, { model });
      if (valid !== false) return;
      wrong++;
      const ends = operations.map(({ completed }) => completed).sort((a, b) => a - b);
      const judgeUntil = (end: number): Verdict => check({ operations: until(end, operations), faults: [] }, { model });
      const end = ends.find((at) => judgeUntil(at).valid === false)!;
      const culprit = operations.find(({ completed }) => completed === end)!;
      const takesPart = new Set(anomalies[0]!.operations.map(({ invoked }) => invoked));
      const isTold = judgeUntil(end).anomalies[0]!.operations.every(({ invoked }) => takesPart.has(invoked));
      if (!takesPart.has(culprit.invoked) && !isTold)
        expect.fail(
          `wrong with ${describeOperation(culprit)}, told: ${anomalies[0]!.type} ${anomalies[0]!.message}\n${operations.map((one) => `${one.process} ${one.f} ${one.type} ${JSON.stringify(one.value)} ${one.invoked} ${one.completed}`).join('\n')}`,
        );
    });
    expect(wrong).toBeGreaterThan(7);
  },
  FUZZ_TIMEOUT_MS,
);
