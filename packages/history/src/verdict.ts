import type { HistoryFault } from './history.js';
import type { Operation } from './operation.js';

/** The reason for which one operation of an anomaly comes before the next. */
export interface AnomalyStep {
  /** Positions in {@link Anomaly.operations}. */
  readonly from: number;
  readonly to: number;
  /** `ww`, `wr`, `rw`, `process`, `realtime`… */
  readonly relation: string;
  /** In words: `T3 did not see T7's append of 5 to x`. */
  readonly because: string;
}

/** Something that a correct system cannot do. */
export interface Anomaly {
  /** The literature's name: `G1c`, `lost-update`, `G2-item`, `stale-read`… */
  readonly type: string;
  /** The whole of it in words, for people. */
  readonly message: string;
  /** The operations that show it; of a cycle, in its order. */
  readonly operations: readonly Operation[];
  /** The edges of a cycle, the last one back to the first operation; empty where it is no cycle. */
  readonly steps: readonly AnomalyStep[];
  /** The weakest consistency model that forbids it, where models are ordered (isolation levels). */
  readonly forbiddenBy?: string;
  /** The faults that were in force while its operations ran. */
  readonly faults: readonly HistoryFault[];
}

/** The evidence of a verdict: counts, and shares of 1. */
export interface Coverage {
  /** All of the history. */
  readonly operations: number;
  /** Of them, those that ended well. */
  readonly ok: number;
  /** Those that did not happen. */
  readonly fail: number;
  /** Those that may have happened. */
  readonly info: number;
  /** Figures of the checker: `observedWrites`, `orderedVersions`, `reads`… */
  readonly [figure: string]: number;
}

/** A checker's judgement of a history. */
export interface Verdict {
  /** `unknown`: nothing was observed, too little was, or the budget ran out. Never a pass. */
  readonly valid: boolean | 'unknown';
  /** The model that was asked for. */
  readonly model: string;
  /** The strongest model of the family that holds; absent where none does or there is no family. */
  readonly strongest?: string;
  /** Worst first. */
  readonly anomalies: readonly Anomaly[];
  /** The evidence: counts, and shares of 1. */
  readonly coverage: Coverage;
  /** The reason for which `valid` is `unknown`. */
  readonly reason?: string;
}
