import type { Random } from '@chaos/stats';
import type { Operation, OperationType } from '../operation.js';
import { withSessions } from './serial-orders.test.fixture.js';

type Step = [f: string, key: string, value: unknown];

interface Options {
  readonly kind: 'append' | 'w';
  readonly keys: readonly string[];
  /** Share of reads that contradict what their transaction saw or wrote before. */
  readonly wildReads: number;
  /** Lists: a last transaction reads every key. */
  readonly readsAll?: boolean;
}

/**
 * A few transactions that may be right or wrong: reads show what was written to their key, mostly in one order, their
 * own writes first; some fail, some have an unknown outcome, and some run one after the other in a process.
 */
export function randomTransactions(random: Random, { kind, keys, wildReads, readsAll = false }: Options): Operation[] {
  let next = 0;
  const written = new Map<string, number[]>(keys.map((key) => [key, []]));
  const plans = Array.from({ length: random.integer(2, 4) }, () =>
    Array.from({ length: random.integer(1, 4) }, (): Step => {
      const key = random.pick(keys);
      // More would have too many orders to try.
      if (random.next() < 0.5 || written.get(key)!.length === 4) return ['r', key, null];
      written.get(key)!.push(++next);
      return [kind, key, next];
    }),
  );
  const order = new Map([...written].map(([key, values]) => [key, random.shuffle([...values])]));
  const operations = plans.map((steps, process): Operation => {
    const type = random.pick<OperationType>(['ok', 'ok', 'ok', 'ok', 'ok', 'info', 'fail']);
    const value = type === 'ok' ? answer(random, { steps, order, kind, wildReads }) : steps;
    const invoked = random.integer(0, 12) * 2;
    const completed = type === 'info' ? Infinity : invoked + 1 + random.integer(0, 9) * 2;
    return { process, f: 'txn', type, value, invoked, completed, invokedNs: invoked, completedNs: completed };
  });
  if (readsAll) {
    const value = keys.map((key): Step => ['r', key, order.get(key)!]);
    const [invoked, completed] = [1000, 1001];
    operations.push({
      process: 99,
      f: 'txn',
      type: 'ok',
      value,
      invoked,
      completed,
      invokedNs: invoked,
      completedNs: completed,
    });
  }
  return withSessions(operations);
}

interface Asked extends Pick<Options, 'kind' | 'wildReads'> {
  readonly steps: readonly Step[];
  readonly order: ReadonlyMap<string, readonly unknown[]>;
}

function answer(random: Random, { steps, order, kind, wildReads }: Asked): Step[] {
  // Of each key what the transaction last saw, with its own writes since; a register is a list of one.
  const known = new Map<string, readonly unknown[]>();
  const own = new Map<string, readonly unknown[]>();
  const add = (list: readonly unknown[], value: unknown): readonly unknown[] =>
    kind === 'w' ? [value] : [...list, value];
  return steps.map(([f, key, value]) => {
    const mine = own.get(key) ?? [];
    if (f !== 'r') {
      own.set(key, add(mine, value));
      if (known.has(key)) known.set(key, add(known.get(key)!, value));
      return [f, key, value];
    }
    const isCalm = random.next() >= wildReads;
    const others = order.get(key)!.filter((one) => !isCalm || !mine.includes(one));
    const seen = others.slice(0, random.integer(0, others.length));
    const list = isCalm ? (known.get(key) ?? [...seen, ...mine]) : seen;
    known.set(key, list);
    return [f, key, kind === 'append' ? list : (list.at(-1) ?? null)];
  });
}
