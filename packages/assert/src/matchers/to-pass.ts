import { inspect } from 'node:util';
import { checkRunnable, saysWrongData } from '@chaos/spec';
import type { MatcherContext, SyncExpectationResult } from 'expect';
import { expectHost } from '../expect-host.js';
import { DEFAULT_INTERVALS_MS, pollUntil } from '../poll/poll-until.js';

/** Options of `toPass`, as in Playwright: milliseconds; `timeout` 0 (default) = until the test's end. */
export interface ToPassOptions {
  /** Milliseconds; 0 (default) = until the end of the test. */
  readonly timeout?: number;
  /** Pauses in milliseconds; the last one repeats. */
  readonly intervals?: readonly number[];
}

export async function toPass(
  this: MatcherContext,
  received: unknown,
  options: ToPassOptions = {},
): Promise<SyncExpectationResult> {
  if (typeof received !== 'function')
    throw new TypeError(`toPass() needs a function: current value is ${inspect(received, { depth: 0 })}`);
  checkRunnable('Cannot call toPass()', received);
  const isNot = this.isNot ?? false;
  const defaults = expectHost()?.defaults?.toPass;
  let last: unknown;
  const problem = await pollUntil(
    {
      timeoutMs: options.timeout ?? defaults?.timeoutMs ?? 0,
      intervalsMs: options.intervals ?? defaults?.intervalsMs ?? DEFAULT_INTERVALS_MS,
    },
    async () => {
      try {
        await received();
        return !isNot;
      } catch (error) {
        // A broken invariant stays broken: trying on would only hide it.
        if (!isNot && saysWrongData(error)) throw error;
        last = error;
        return isNot;
      }
    },
  );
  const reason =
    last instanceof Error
      ? last.message
      : last === undefined
        ? this.utils.matcherHint('toPass', 'function', '', { isNot })
        : inspect(last);
  return { pass: (problem === undefined) !== isNot, message: () => `${reason}\n\nCall Log:\n- ${problem}` };
}
