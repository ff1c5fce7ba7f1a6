/**
 * How an operation ended (Jepsen's terms): `ok` it happened; `fail` it certainly did not;
 * `info` nobody can tell: it may take effect at any time after its invocation, or never.
 */
export type OperationType = 'ok' | 'fail' | 'info';

/** One operation of one logical process, from the moment before it was sent to the moment after its answer arrived. */
export interface Operation<Value = unknown> {
  /** Logical process: runs one operation at a time, and is never used again after an `info`. */
  readonly process: number;
  /** Kind of operation: `txn`, `read`, `write`, `cas`, `add`, `transfer`, `enqueue`… */
  readonly f: string;
  /** The outcome: `ok`, `fail` or `info`. */
  readonly type: OperationType;
  /**
   * Where `ok`, what was asked with what was answered filled in (a read's value, a transaction's reads); else what was
   * asked.
   */
  readonly value: Value;
  /**
   * Position of the invocation in the total order of events: what completed at a lower position happened before it in
   * real time.
   */
  readonly invoked: number;
  /** Position of the completion; `Infinity` where there is none (`info`). */
  readonly completed: number;
  /** Nanoseconds on the history's monotonic clock. */
  readonly invokedNs: number;
  /** Nanoseconds on the history's monotonic clock; `Infinity` where there is no completion. */
  readonly completedNs: number;
  /** The reason for which it did not end `ok`. */
  readonly error?: string;
}
