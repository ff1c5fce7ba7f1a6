import { setImmediate } from 'node:timers/promises';
import type { History } from '../history.js';
import type { Verdict } from '../verdict.js';
import { resolve, type LinearizabilityOptions } from './check-linearizability.js';
import { judgeParts } from './judge-parts.js';

/** Options of {@link checkLinearizabilityAsync}. */
export interface AsyncLinearizabilityOptions extends LinearizabilityOptions {
  /** Ends the check; the promise is rejected with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * As `checkLinearizability`, but lets the event loop run in between and can be aborted. Rejects with the signal's
 * reason.
 */
export async function checkLinearizabilityAsync(
  history: History,
  options: AsyncLinearizabilityOptions,
): Promise<Verdict> {
  const judging = judgeParts(history, resolve(options));
  for (;;) {
    options.signal?.throwIfAborted();
    const turn = judging.next();
    if (turn.done === true) return turn.value;
    await setImmediate();
  }
}
