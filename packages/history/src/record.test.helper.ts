import type { History, HistoryFault } from './history.js';
import type { Operation, OperationType } from './operation.js';

/**
 * `[process, f, value, from, to]`, times in milliseconds; without `to` nobody knows how it ended; with a sixth element
 * it is not `ok`.
 */
export type Row = readonly [
  process: number,
  f: string,
  value: unknown,
  fromMs: number,
  toMs?: number,
  type?: OperationType,
];

/** A history from rows. */
export function record(rows: readonly Row[], faults: readonly HistoryFault[] = []): History {
  const operations: Operation[] = rows.map(([process, f, value, from, to, type]) => ({
    process,
    f,
    value,
    type: type ?? (to === undefined ? 'info' : 'ok'),
    invoked: from,
    completed: to ?? Infinity,
    invokedNs: from * 1e6,
    completedNs: (to ?? Infinity) * 1e6,
  }));
  return { operations: operations.sort((a, b) => a.invoked - b.invoked), faults };
}
