import { describeOperation } from '../describe/describe-operation.js';
import type { History } from '../history.js';
import type { Operation } from '../operation.js';
import type { Verdict } from '../verdict.js';
import { createFindings } from './findings.js';
import { plural } from './list-values.js';

/** Options of {@link checkCounter}. */
export interface CounterOptions {
  /** Value before the first operation. Default 0. */
  readonly initial?: number;
}

/**
 * A counter with `add` (also `increment`, `decrement`, by 1 where they have no value) and `read`: a read is at least
 * the sum of what was certainly added before it began, and at most the sum of what can have been added before it ended.
 * Amounts below 0 are allowed, unlike in Jepsen's checker. O(n log n). It is a bound: where many adds run beside a
 * read, a wrong one may fit in.
 */
export function checkCounter(history: History, options: CounterOptions = {}): Verdict {
  const { initial } = { initial: 0, ...options };
  if (!Number.isFinite(initial))
    throw new RangeError(`Cannot check a counter: current initial is ${initial}, it must be a finite number`);
  const findings = createFindings('counter', history);
  const adds = history.operations
    .filter(({ f, type }) => f !== 'read' && type !== 'fail')
    .map((operation) => ({ operation, amount: amountOf(operation) }));
  const sums = (
    sign: 1 | -1,
  ): { readonly certain: (position: number) => number; readonly possible: (position: number) => number } => {
    const same = adds.filter(({ amount }) => Math.sign(amount) === sign);
    return {
      certain: sumBefore(
        same
          .filter(({ operation }) => operation.type === 'ok')
          .map(({ operation, amount }) => [operation.completed, amount]),
      ),
      possible: sumBefore(same.map(({ operation, amount }) => [operation.invoked, amount])),
    };
  };
  const up = sums(1);
  const down = sums(-1);
  let reads = 0;
  let wrong = 0;
  const first: { low?: Wrong; high?: Wrong } = {};
  for (const read of history.operations) {
    if (read.f !== 'read' || read.type !== 'ok') continue;
    reads++;
    const value = Number(read.value);
    const least = initial + up.certain(read.invoked) + down.possible(read.completed);
    const most = initial + up.possible(read.completed) + down.certain(read.invoked);
    if (value >= least && value <= most) continue;
    wrong++;
    const side = value > most ? 'high' : 'low';
    if (read.completed < (first[side]?.read.completed ?? Infinity)) first[side] = { read, least, most };
  }
  for (const [side, type, what] of [
    ['low', 'counter-too-low', 'acknowledged adds are missing'],
    ['high', 'counter-too-high', 'it has more than was ever added'],
  ] as const) {
    const found = first[side];
    if (found === undefined) continue;
    findings.add(
      type,
      `${describeOperation(found.read)} cannot be: between ${found.least} and ${found.most} was ` +
        `possible, so ${what}; ${wrong} of ${plural(reads, 'read')} out of bounds`,
      [found.read],
    );
  }
  return findings.verdict(
    { reads, wrongReads: wrong, adds: adds.length },
    reads === 0 ? 'the counter was never read' : adds.length === 0 ? 'nothing was added' : undefined,
  );
}

interface Wrong {
  readonly read: Operation;
  readonly least: number;
  readonly most: number;
}

function amountOf(operation: Operation): number {
  const { f, value } = operation;
  const amount = value === null || value === undefined ? 1 : value;
  if (typeof amount !== 'number' || !['add', 'increment', 'decrement'].includes(f)) {
    throw new TypeError(
      `Cannot check a counter: current operation is ${describeOperation(operation)}, it must be read, ` +
        'or add, increment or decrement with a number',
    );
  }
  return f === 'decrement' ? -amount : amount;
}

// The sum of the amounts at lower positions.
function sumBefore(amounts: (readonly [position: number, amount: number])[]): (position: number) => number {
  amounts.sort(([a], [b]) => a - b);
  let sum = 0;
  const sums = amounts.map(([, amount]) => (sum += amount));
  return (position) => {
    let low = 0;
    let high = amounts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((amounts[middle] as readonly [number, number])[0] < position) low = middle + 1;
      else high = middle;
    }
    return sums[low - 1] ?? 0;
  };
}
