import type { Operation } from './operation.js';

/** Period in which a fault was in force, on the history's own clock. */
export interface HistoryFault {
  readonly name: string;
  readonly startNs: number;
  /** `Infinity` while it is in force. */ readonly endNs: number;
}

/** Operations in the order of invocation, and the faults in force meanwhile. */
export interface History<Value = unknown> {
  readonly operations: readonly Operation<Value>[];
  readonly faults: readonly HistoryFault[];
}
