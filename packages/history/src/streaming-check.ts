import type { HistoryFault } from './history.js';
import type { Operation } from './operation.js';
import type { Verdict } from './verdict.js';

/** A checker that takes one operation after the other, in any order, each when it has ended. */
export interface StreamingCheck {
  add(operation: Operation): void;
  /** What the operations so far say. `faults`: to name those that were in force. */
  verdict(faults?: readonly HistoryFault[]): Verdict;
}
