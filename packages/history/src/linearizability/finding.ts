import type { Operation } from '../operation.js';

/** What an anomaly is before its key and its faults are known. The operations have no key in their values. */
export interface Finding {
  readonly type: string;
  readonly message: string;
  readonly operations: readonly Operation[];
}

/** What a special case says of a part: what is wrong, if anything, and how many answers could have been. */
export interface QuickJudgement {
  readonly finding?: Finding;
  readonly observations: number;
}
