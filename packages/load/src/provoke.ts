import { checkRange } from '@chaos/spec';
import { LONGEST_TIMER_MS } from './longest-timer.js';
import { attemptLevel, evidenceClears, type ProvokeAttempt } from './level-attempt.js';

export type { ProvokeAttempt } from './level-attempt.js';

/** Options of {@link provoke}. */
export interface ProvokeOptions {
  /** Loads the target at this level until it has done its share or the signal is aborted. */
  run(level: number, signal: AbortSignal): Promise<unknown>;
  /** Looks at the server's evidence, never at the test's own counters: `true` or a number above 0 means seen. */
  observe(signal: AbortSignal): Promise<boolean | number>;
  /** The first level, an integer of at least 1. */
  readonly from: number;
  /** The last level. */
  readonly max: number;
  /** For all of it, the search back included. */
  readonly budgetMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Result of {@link provoke}. */
export interface ProvokeResult {
  /** Whether the phenomenon was seen. */
  readonly found: boolean;
  /** The level of the way up at which it was seen: use this one to make it happen. 0 when it was not. */
  readonly level: number;
  /**
   * The smallest level at which it was seen; `level` where the evidence does not go away again (a counter). 0 when it
   * was not.
   */
  readonly threshold: number;
  /**
   * The highest level that was tried in full; "not up to this" when it was not found. 0 when the budget did not suffice
   * for one.
   */
  readonly triedUpTo: number;
  /** Every level that was tried, in order. */
  readonly attempts: readonly ProvokeAttempt[];
}

/**
 * Looks for the load that makes something happen: doubles the level from `from` up to `max`, then searches back by
 * bisection for the smallest level; before each of these it waits for the evidence of the last one to go away. A
 * rejection of `run` (other than after its abort) or of `observe` is passed on; an abort rejects with its reason.
 * Throws `RangeError` for options out of range.
 */
export async function provoke(options: ProvokeOptions): Promise<ProvokeResult> {
  const { run, observe, from, max, budgetMs, signal = new AbortController().signal } = options;
  checkRange('from', from, { least: 1, whole: true });
  checkRange('max', max, { least: from, whole: true });
  checkRange('budgetMs', budgetMs, { least: 1, most: LONGEST_TIMER_MS });
  signal.throwIfAborted();
  const deadlineMs = performance.now() + budgetMs;
  const attempts: ProvokeAttempt[] = [];
  const attempt = async (level: number): Promise<ProvokeAttempt> => {
    const result = await attemptLevel(level, deadlineMs, { run, observe, signal });
    attempts.push(result);
    return result;
  };
  const inBudget = (): boolean => performance.now() < deadlineMs;

  let missed = 0;
  let seen = 0;
  for (let level = from; seen === 0 && inBudget(); level = Math.min(level * 2, max)) {
    const { observed, complete } = await attempt(level);
    if (observed) seen = level;
    else if (complete) missed = level;
    if (!complete || level === max) break;
  }
  if (seen === 0) return { found: false, level: 0, threshold: 0, triedUpTo: missed, attempts };

  let threshold = seen;
  while (threshold - missed > 1 && inBudget() && (await evidenceClears(deadlineMs, { observe, signal }))) {
    const { level, observed, complete } = await attempt(Math.floor((threshold + missed) / 2));
    if (observed) threshold = level;
    else if (complete) missed = level;
    else break;
  }
  return { found: true, level: seen, threshold, triedUpTo: seen, attempts };
}
