import type { History } from '../history.js';
import type { Operation, OperationType } from '../operation.js';

/** A transaction in short: its steps, and what differs from `ok`, a process of its own and one after the other. */
export interface Short {
  readonly steps: string;
  readonly type?: OperationType;
  readonly process?: number;
  /** Positions in the order of events; by default all transactions overlap. */ readonly at?: readonly [number, number];
}

/**
 * A history in short: `ax1` appends 1 to x, `rx12` reads [1, 2] from x, `rx` reads the empty list; in the style of Elle's
 * own tests. For registers `wx1` and `rx1`, `rx_` where there is nothing.
 */
export function historyOf(...shorts: (string | Short)[]): History {
  const operations = shorts.map((short, index): Operation => {
    const { steps, type = 'ok', process = index, at = [index, shorts.length + index] } = typeof short === 'string' ? { steps: short } : short;
    const [invoked, completed] = [at[0], type === 'info' ? Infinity : at[1]];
    return { process, f: 'txn', type, value: steps.split(' ').filter(Boolean).map(stepOf), invoked, completed, invokedNs: invoked * 1e6, completedNs: completed * 1e6 };
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
