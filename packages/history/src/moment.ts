import type { Operation } from './operation.js';

type Times = Pick<Operation, 'invoked' | 'completed' | 'invokedNs' | 'completedNs'>;

/** A moment on the history's clock, for people: `+1.204 s`. */
export function moment(ns: number): string {
  return `+${(ns / 1e9).toFixed(3)} s`;
}

/** Whether an operation has times. What is read from a file without any has its positions in their place. */
export function hasTimes({ invoked, completed, invokedNs, completedNs }: Times): boolean {
  return invokedNs !== invoked || completedNs !== completed;
}

/** When an operation began, for people: `+1.204 s`, or `event 12` where there are no times. */
export function invokedAt(operation: Times): string {
  return hasTimes(operation) ? moment(operation.invokedNs) : `event ${operation.invoked}`;
}

/** When an operation ended; as {@link invokedAt}. */
export function completedAt(operation: Times): string {
  return hasTimes(operation) ? moment(operation.completedNs) : `event ${operation.completed}`;
}
