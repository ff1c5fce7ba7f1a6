import type { HistoryFault } from './history.js';
import type { Operation } from './operation.js';
import type { Verdict } from './verdict.js';

/** Events since the previous batch. */
export interface StreamBatch {
  readonly fresh: readonly Operation[];
  /** Operations that have ended since, by their place. */
  readonly updates: readonly (readonly [index: number, operation: Operation])[];
  readonly faults: readonly HistoryFault[];
  /** The last one: all of it is judged. */
  readonly isLast: boolean;
}

/** The answer to a batch: no verdict where nothing is wrong so far. */
export type StreamReply = { readonly verdict: Verdict | undefined } | { readonly error: Error };
