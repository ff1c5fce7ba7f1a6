import type { Operation } from '../operation.js';

type Times = Pick<Operation, 'invoked' | 'completed' | 'invokedNs' | 'completedNs'>;

/** A moment on the history's clock, for people: `+1.204 s`. */
export function moment(ns: number): string {
  return `+${(ns / 1e9).toFixed(3)} s`;
}

/** True if an operation has times. A file without times gives positions instead. */
export function hasTimes({ invoked, completed, invokedNs, completedNs }: Times): boolean {
  return invokedNs !== invoked || completedNs !== completed;
}

/** Start of an operation, for people: `+1.204 s`, or `event 12` without times. */
export function invokedAt(operation: Times): string {
  return hasTimes(operation) ? moment(operation.invokedNs) : `event ${operation.invoked}`;
}

/** End of an operation; as {@link invokedAt}. */
export function completedAt(operation: Times): string {
  return hasTimes(operation) ? moment(operation.completedNs) : `event ${operation.completed}`;
}
