import type { HistoryFault } from '../history.js';
import type { Operation } from '../operation.js';

/**
 * The faults that were in force while these operations ran. One without a completion (`info`) counts from its invocation
 * until the last of the others was complete: by then whatever it did had been done.
 */
export function faultsDuring(operations: readonly Operation[], faults: readonly HistoryFault[]): HistoryFault[] {
  const last = Math.max(...operations.map(({ invokedNs, completedNs }) => (completedNs === Infinity ? invokedNs : completedNs)));
  const isOpenOnly = operations.every(({ completedNs }) => completedNs === Infinity);
  const endOf = ({ completedNs }: Operation): number => (completedNs === Infinity && !isOpenOnly ? last : completedNs);
  return faults.filter(({ startNs, endNs }) => operations.some((operation) => startNs <= endOf(operation) && endNs >= operation.invokedNs));
}
