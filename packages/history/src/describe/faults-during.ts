import type { HistoryFault } from '../history.js';
import type { Operation } from '../operation.js';

/**
 * The faults that were in force while one of these operations ran. An operation without an end counts until the last of
 * the others ended, for otherwise it would be blamed on every fault to the end of the history.
 */
export function faultsDuring(
  faults: readonly HistoryFault[],
  operations: readonly Operation[],
): readonly HistoryFault[] {
  if (faults.length === 0) return [];
  let lastNs = -Infinity;
  for (const { invokedNs, completedNs } of operations)
    lastNs = Math.max(lastNs, Number.isFinite(completedNs) ? completedNs : invokedNs);
  return faults.filter(({ startNs, endNs }) =>
    operations.some(({ invokedNs, completedNs }) => startNs <= Math.min(completedNs, lastNs) && endNs >= invokedNs),
  );
}
