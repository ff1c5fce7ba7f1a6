import type { Random } from '@chaos/stats';
import { expect, it } from 'vitest';
import { check } from '../check.js';
import { FUZZ_TIMEOUT_MS, forSeeds, fuzzCount } from '../fuzz.test.helper.js';
import type { Operation, OperationType } from '../operation.js';

// Each checker against its page, read word by word and by trying every outcome of what is unknown. Small histories, of
// which many are wrong.

interface Call {
  readonly f: string;
  readonly value: unknown;
}

interface Page {
  readonly model: string;
  readonly options?: object;
  /** A call with an answer at random; `at` numbers the calls. */
  readonly call: (random: Random, at: number) => Call;
  /** True if the history shows what the page calls an anomaly. */
  readonly isWrong: (operations: readonly Operation[]) => boolean;
}

/** Operations that begin and end in any order. What ended `info` has no answer. */
function build(random: Random, { call }: Page): Operation[] {
  const count = random.integer(1, 7);
  const positions = random.shuffle(Array.from({ length: count * 2 }, (_, position) => position));
  const operations = Array.from({ length: count }, (_, process): Operation => {
    const type = random.pick<OperationType>(['ok', 'ok', 'ok', 'ok', 'info', 'fail']);
    const { f, value } = call(random, process);
    const [one, other] = [positions[process * 2]!, positions[process * 2 + 1]!];
    const [invoked, completed] = [Math.min(one, other), type === 'info' ? Infinity : Math.max(one, other)];
    const hasAnswer = !['read', 'dequeue', 'drain', 'generate'].includes(f) || type === 'ok';
    return {
      process,
      f,
      type,
      value: hasAnswer ? value : null,
      invoked,
      completed,
      invokedNs: invoked,
      completedNs: completed,
    };
  });
  return operations.toSorted((a, b) => a.invoked - b.invoked);
}

function subsets<T>(items: readonly T[]): T[][] {
  const [first, ...others] = items;
  if (first === undefined) return [[]];
  const without = subsets(others);
  return [...without, ...without.map((some) => [first, ...some])];
}

const named = (operations: readonly Operation[], f: string, ...types: OperationType[]): Operation[] =>
  operations.filter((one) => one.f === f && (types.length === 0 || types.includes(one.type)));
const okReads = (operations: readonly Operation[]): Operation[] => named(operations, 'read', 'ok');
const lastRead = (operations: readonly Operation[]): Operation | undefined => okReads(operations).at(-1);
const list = ({ value }: Operation): unknown[] => value as unknown[];

/** Every set of adds that a read can have met: all that had ended before, and some of those that had begun. */
function met(operations: readonly Operation[], f: string, read: Operation): Operation[][] {
  const begun = named(operations, f, 'ok', 'info').filter(({ invoked }) => invoked < read.completed);
  const sure = begun.filter(({ completed }) => completed < read.invoked);
  return subsets(begun.filter((one) => !sure.includes(one))).map((some) => [...sure, ...some]);
}

const sorted = (values: readonly unknown[]): string => JSON.stringify(values.toSorted((a, b) => Number(a) - Number(b)));

// Elements are different for each add, and reads show any of them, now and then one twice.
const someElements = (random: Random, of: number): unknown[] =>
  Array.from({ length: of }, (_, at) => at).flatMap((at) =>
    random.next() < 0.5 ? (random.next() < 0.05 ? [at, at] : [at]) : [],
  );
const addOrRead = (random: Random, at: number): Call =>
  random.next() < 0.6 ? { f: 'add', value: at } : { f: 'read', value: someElements(random, 6) };

function hasForeign(operations: readonly Operation[], read: Operation): boolean {
  const added = named(operations, 'add', 'ok', 'info').filter(({ invoked }) => invoked < read.completed);
  return !subsets(added.map(({ value }) => value)).some((some) => sorted(some) === sorted(list(read)));
}

// An element is known once it was acknowledged or read.
function isMissing(operations: readonly Operation[], { forGood }: { forGood: boolean }): boolean {
  const reads = okReads(operations);
  return named(operations, 'add', 'ok', 'info').some((add) => {
    const shows = (read: Operation): boolean => list(read).includes(add.value);
    const known = Math.min(add.completed, ...reads.filter(shows).map(({ completed }) => completed));
    const after = reads.filter(({ invoked }) => invoked > known);
    if (!forGood) return after.some((read) => !shows(read));
    const last = after.at(-1);
    return last !== undefined && !shows(last);
  });
}

const taken = (operations: readonly Operation[]): { value: unknown; completed: number }[] => [
  ...named(operations, 'dequeue', 'ok').filter(({ value }) => value !== null),
  ...named(operations, 'drain', 'ok').flatMap((drain) => list(drain).map((value) => ({ ...drain, value }))),
];

// Every element that came out gets an enqueue of its own that had begun by then.
function cameFromSomewhere(
  out: readonly { value: unknown; completed: number }[],
  enqueues: readonly Operation[],
  { once }: { once: boolean },
): boolean {
  const [first, ...others] = out;
  if (first === undefined) return true;
  return enqueues
    .filter(({ value, invoked }) => value === first.value && invoked < first.completed)
    .some((source) => cameFromSomewhere(others, once ? enqueues.filter((one) => one !== source) : enqueues, { once }));
}

// Drained, and whatever the unanswered dequeues took, something that was acknowledged never came out.
function isLost(operations: readonly Operation[]): boolean {
  const lastAck = Math.max(-1, ...named(operations, 'enqueue', 'ok').map(({ completed }) => completed));
  const isEnd = ({ f, type, value, invoked }: Operation): boolean =>
    invoked > lastAck &&
    ((f === 'drain' && type === 'ok') || (f === 'dequeue' && (type === 'fail' || (type === 'ok' && value === null))));
  if (!operations.some(isEnd) || named(operations, 'drain', 'info').length > 0) return false;
  const missing = named(operations, 'enqueue', 'ok').map(({ value }) => value);
  for (const { value } of taken(operations)) if (missing.includes(value)) missing.splice(missing.indexOf(value), 1);
  const unanswered = named(operations, 'dequeue', 'info').length;
  return !subsets(missing).some((some) => some.length === missing.length && some.length <= unanswered);
}

const queueCall = (random: Random): Call => {
  const dice = random.next();
  if (dice < 0.55) return { f: 'enqueue', value: random.integer(0, 2) };
  if (dice < 0.9) return { f: 'dequeue', value: random.pick([0, 1, 2, null]) };
  return { f: 'drain', value: random.pick([[], [0], [1, 2]]) };
};
const enqueues = (operations: readonly Operation[]): Operation[] => named(operations, 'enqueue', 'ok', 'info');

const rowsOf = (read: Operation): { value: number; timestamp: number }[] => read.value as never;
const valueOf = ({ value }: Operation): number => (value as { value: number }).value;

const PAGES: readonly Page[] = [
  {
    model: 'bank',
    options: { total: 10, accounts: ['a', 'b'] },
    call: (random) =>
      random.next() < 0.5
        ? { f: 'transfer', value: null }
        : {
            f: 'read',
            value: random.pick([{ a: 4, b: 6 }, { a: 5, b: 5 }, { a: 5, b: 6 }, { a: -1, b: 11 }, { a: 10 }]),
          },
    isWrong: (operations) =>
      okReads(operations).some(({ value }) => {
        const { a, b } = value as { a: number; b?: number };
        return b === undefined || a + b !== 10 || Math.min(a, b) < 0;
      }),
  },
  {
    model: 'set',
    call: addOrRead,
    isWrong(operations) {
      const read = lastRead(operations);
      if (read === undefined) return false;
      return !met(operations, 'add', read).some(
        (adds) => sorted(adds.map(({ value }) => value)) === sorted(list(read)),
      );
    },
  },
  ...[true, false].map((linearizable) => ({
    model: 'set-full',
    options: { linearizable },
    call: addOrRead,
    isWrong: (operations: readonly Operation[]) =>
      okReads(operations).some((read) => hasForeign(operations, read)) ||
      isMissing(operations, { forGood: !linearizable }),
  })),
  {
    model: 'counter',
    call: (random) =>
      random.next() < 0.6 ? { f: 'add', value: random.pick([1, 2, -1]) } : { f: 'read', value: random.integer(-2, 5) },
    isWrong: (operations) =>
      okReads(operations).some((read) => {
        const sums = met(operations, 'add', read).map((adds) =>
          adds.reduce((sum, { value }) => sum + Number(value), 0),
        );
        return Number(read.value) < Math.min(...sums) || Number(read.value) > Math.max(...sums);
      }),
  },
  {
    model: 'queue',
    call: queueCall,
    isWrong: (operations) => !cameFromSomewhere(taken(operations), enqueues(operations), { once: true }),
  },
  ...[true, false].map((exactlyOnce) => ({
    model: 'total-queue',
    options: { exactlyOnce },
    call: queueCall,
    isWrong: (operations: readonly Operation[]) =>
      !cameFromSomewhere(taken(operations), enqueues(operations), { once: exactlyOnce }) || isLost(operations),
  })),
  {
    model: 'unique-ids',
    call: (random) => ({ f: 'generate', value: random.pick([1, '1', 2, 3, 4, 5, null]) }),
    isWrong: (operations) =>
      operations.some((one) =>
        operations.some(
          (other) => one !== other && [one, other].every(({ type }) => type === 'ok') && one.value === other.value,
        ),
      ),
  },
  {
    model: 'long-fork',
    call: (random, at) =>
      at < 3
        ? { f: 'write', value: [['w', at, 1]] }
        : { f: 'read', value: [0, 1, 2].map((key) => ['r', key, random.pick([1, null])]) },
    isWrong(operations) {
      const seen = okReads(operations).map((read) => (read.value as unknown[][]).map(([, , value]) => value !== null));
      return seen.some((one) =>
        seen.some((other) => one.some((has, key) => has && !other[key]) && other.some((has, key) => has && !one[key])),
      );
    },
  },
  {
    model: 'monotonic',
    call: (random, at) =>
      random.next() < 0.6
        ? { f: 'add', value: { value: random.next() < 0.2 ? random.integer(0, 6) : at } }
        : {
            f: 'read',
            value: (someElements(random, 4) as number[]).map((value) => ({
              value: random.next() < 0.1 ? 3 - value : value,
              timestamp: random.next() < 0.1 ? 3 - value : value,
            })),
          },
    isWrong(operations) {
      const read = lastRead(operations);
      if (read === undefined) return false;
      const rows = rowsOf(read);
      const isOut = rows.some((row, at) =>
        rows.slice(0, at).some((before) => row.timestamp < before.timestamp || row.value <= before.value),
      );
      const lost = named(operations, 'add', 'ok').some(
        (add) => add.completed < read.invoked && !rows.some(({ value }) => value === valueOf(add)),
      );
      const revived = rows.some(({ value }) => {
        const adds = named(operations, 'add').filter((add) => valueOf(add) === value);
        return adds.length > 0 && adds.every(({ type }) => type === 'fail');
      });
      return isOut || lost || revived;
    },
  },
  {
    model: 'predicate-g2',
    call: (random, at) => ({ f: 'insert', value: [Math.floor(at / 2), at] }),
    isWrong: (operations) =>
      [0, 1, 2].some(
        (key) => named(operations, 'insert', 'ok').filter(({ value }) => (value as number[])[0] === key).length > 1,
      ),
  },
  {
    model: 'causal-reverse',
    call: (random, at) =>
      random.next() < 0.6 ? { f: 'write', value: at } : { f: 'read', value: someElements(random, 6) },
    isWrong: (operations) =>
      okReads(operations).some((read) =>
        named(operations, 'write', 'ok', 'info').some(
          (later) =>
            list(read).includes(later.value) &&
            named(operations, 'write', 'ok').some(
              (earlier) => earlier.completed < later.invoked && !list(read).includes(earlier.value),
            ),
        ),
      ),
  },
  {
    model: 'sequential',
    call: (random) => ({ f: 'read', value: ['k', [0, 1, 2].map((part) => random.pick([part, part, null]))] }),
    isWrong: (operations) =>
      okReads(operations).some((read) => {
        const [, parts] = read.value as [string, unknown[]];
        return parts.some((part, at) => part !== null && parts.slice(at).includes(null));
      }),
  },
];

it.each(PAGES)(
  '$model $options: exactly what its page says, unknown outcomes included',
  (page) => {
    const counts = { wrong: 0, right: 0 };
    forSeeds(`page of ${page.model} ${JSON.stringify(page.options)}`, 200, (random) => {
      const operations = build(random, page);
      const isWrong = page.isWrong(operations);
      counts[isWrong ? 'wrong' : 'right']++;
      const { valid, anomalies } = check({ operations, faults: [] }, { model: page.model, ...page.options });
      if ((valid === false) !== isWrong)
        expect.fail(
          `${isWrong ? 'missed' : `false alarm: ${anomalies[0]?.message}`}\n${operations.map((one) => JSON.stringify(one)).join('\n')}`,
        );
    });
    expect(Math.min(counts.wrong, counts.right)).toBeGreaterThan(fuzzCount(200) / 50);
  },
  FUZZ_TIMEOUT_MS,
);
