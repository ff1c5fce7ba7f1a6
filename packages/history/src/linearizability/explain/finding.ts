import type { Operation } from '../../operation.js';

/** An anomaly before its key and its faults are known. Its operations have no key in their values. */
export interface Finding {
  readonly type: string;
  readonly message: string;
  readonly operations: readonly Operation[];
}

/** Judgement of a part by a special case: the finding, if any, and the number of answers that could have been wrong. */
export interface QuickJudgement {
  readonly finding?: Finding;
  readonly observations: number;
}
