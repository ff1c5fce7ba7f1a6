import type { History } from '../history.js';
import type { Operation, OperationType } from '../operation.js';

/** A transaction in short: its steps, and what differs from `ok` and a process of its own. */
export interface Short {
  readonly steps: string;
  readonly type?: OperationType;
  readonly process?: number;
  /** Its beginning and end, in tenths of a position; by default all transactions overlap. */
  readonly at?: readonly [number, number];
}

/**
 * A history in short, in the style of Elle's own tests: `ax1` appends 1 to x, `rx12` reads [1, 2] from x, `rx` the
 * empty list; for registers `wx1`, `gx1`, and `gx_` where there is nothing. All happens at `position`, to be planted
 * into another history.
 */
export function historyOf(shorts: readonly (string | Short)[], position = 0): History {
  const operations = shorts.map((short, index): Operation => {
    const {
      steps,
      type = 'ok',
      process = index + 100,
      at = [index, 10 + index],
    } = typeof short === 'string' ? { steps: short } : short;
    const [invoked, completed] = [position + at[0] / 100, type === 'info' ? Infinity : position + at[1] / 100];
    return {
      process,
      f: 'txn',
      type,
      value: steps.split(' ').filter(Boolean).map(stepOf),
      invoked,
      completed,
      invokedNs: invoked * 1e6,
      completedNs: completed * 1e6,
    };
  });
  return { operations: operations.toSorted((a, b) => a.invoked - b.invoked), faults: [] };
}

function stepOf(text: string): unknown {
  const [f, key, ...elements] = text;
  if (f === 'a') return ['append', key, Number(elements.join(''))];
  if (f === 'w') return ['w', key, Number(elements.join(''))];
  if (f === 'g') return ['r', key, elements[0] === '_' ? null : Number(elements.join(''))];
  return ['r', key, elements.map(Number)];
}
