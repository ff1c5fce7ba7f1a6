import type { Operation } from './operation.js';

/** Period in which a fault was in force, on the history's own clock. */
export interface HistoryFault {
  /** As reports show it. */
  readonly name: string;
  /** On the clock of the history, nanoseconds. */
  readonly startNs: number;
  /** `Infinity` while it is in force. */
  readonly endNs: number;
}

/** Operations in the order of invocation, and the faults in force meanwhile. */
export interface History<Value = unknown> {
  /** In the order in which they were invoked. */
  readonly operations: readonly Operation<Value>[];
  /** Windows of faults in force. */
  readonly faults: readonly HistoryFault[];
}
