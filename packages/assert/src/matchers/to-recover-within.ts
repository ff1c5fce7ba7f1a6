import { inspect } from 'node:util';
import { checkRange, checkRunnable, saysWrongData, type Recovery } from '@chaos/spec';
import { createRandom } from '@chaos/stats';
import type { MatcherContext, SyncExpectationResult } from 'expect';
import { expectHost } from '../expect-host.js';
import { pollUntil } from '../poll/poll-until.js';
import { GIVEN_UP } from '../poll/watch-target.js';

/** Options of `toRecoverWithin`. */
export interface RecoverOptions {
  /** Milliseconds until well again, before the host's stretching. */
  readonly timeoutMs: number;
  /** Each of the successes must be faster than this, in milliseconds. Default: any. */
  readonly latencyMs?: number;
  /** Successes in a row that make it well. Default 3. */
  readonly consecutive?: number;
  /** Names what recovers in reports. Default: the function's name. */
  readonly what?: string;
}

const PAUSE_MS = 20;
const SHOWN = 12;

function checked(received: unknown, { timeoutMs, latencyMs = Infinity, consecutive = 3, what }: RecoverOptions) {
  if (typeof received !== 'function')
    throw new TypeError(`toRecoverWithin() needs a function: current value is ${inspect(received, { depth: 0 })}`);
  checkRunnable('Cannot call toRecoverWithin()', received);
  checkRange('timeoutMs of toRecoverWithin()', timeoutMs, { above: 0 });
  checkRange('latencyMs of toRecoverWithin()', latencyMs, { above: 0 });
  checkRange('consecutive of toRecoverWithin()', consecutive, { least: 1, whole: true });
  return {
    run: received as (context: object) => unknown,
    timeoutMs,
    latencyMs,
    consecutive,
    what: what ?? (received.name || 'operation'),
  };
}

export async function toRecoverWithin(
  this: MatcherContext,
  received: unknown,
  options: RecoverOptions,
): Promise<SyncExpectationResult> {
  const { run, timeoutMs, latencyMs, consecutive, what } = checked(received, options);
  const host = expectHost();
  const withinMs = timeoutMs * (host?.deadlineFactor ?? 1);
  const random = createRandom('recovery');
  const startMs = performance.now();
  const latencies: string[] = [];
  let attempts = 0;
  let streak = 0;
  let recoveryMs = 0;
  let lastError: unknown;

  const problem = await pollUntil({ timeoutMs, intervalsMs: [PAUSE_MS] }, async (signal) => {
    do {
      const beganMs = performance.now();
      try {
        await run({ signal, worker: 0, iteration: attempts++, random, yieldPoint: () => Promise.resolve() });
        const tookMs = performance.now() - beganMs;
        latencies.push(`${tookMs.toFixed(1)} ms`);
        if (tookMs < latencyMs) {
          if (streak === 0) recoveryMs = performance.now() - startMs;
          streak += 1;
        } else streak = 0;
      } catch (error) {
        if (saysWrongData(error)) throw error;
        streak = 0;
        if (!signal.aborted) lastError = error;
        latencies.push(`failed after ${(performance.now() - beganMs).toFixed(1)} ms`);
      }
    } while (streak > 0 && streak < consecutive && !signal.aborted);
    return streak >= consecutive && !signal.aborted;
  });
  if (problem === undefined) tellRecovery({ what, recoveryMs, withinMs }, timeoutMs);

  const limit = latencyMs === Infinity ? '' : `, each under ${Number(latencyMs.toFixed(1))} ms`;
  const claim = `${consecutive} successes in a row${limit}, within ${Math.round(withinMs)} ms`;
  return {
    pass: problem === undefined,
    message: () =>
      [
        this.utils.matcherHint('toRecoverWithin', what, 'options', { isNot: this.isNot ?? false }),
        '',
        `Expected: ${this.isNot ? 'not ' : ''}${claim}`,
        problem === undefined
          ? `Received: well again after ${Math.round(recoveryMs)} ms`
          : `Received: ${streak} in a row at the end, after ${attempts} attempts in ${Math.round(performance.now() - startMs)} ms${host?.signal?.aborted ? ' (the test ended)' : ''}`,
        ...(problem?.startsWith(GIVEN_UP) ? [problem] : []),
        `Latencies: ${latencies.length > SHOWN ? '… ' : ''}${latencies.slice(-SHOWN).join(', ') || 'none: the first attempt never ended'}`,
        ...(lastError === undefined
          ? []
          : [
              `Last error: ${lastError instanceof Error ? `${lastError.name}: ${lastError.message}` : inspect(lastError)}`,
            ]),
      ].join('\n'),
  };
}

function tellRecovery(recovery: Recovery, limitMs: number): void {
  const host = expectHost();
  host?.onRecovery(recovery);
  const { what, recoveryMs, withinMs } = recovery;
  if (recoveryMs > limitMs)
    host?.onStretched?.(
      `${what} was well again after ${Math.round(recoveryMs)} ms: above the limit of ${limitMs} ms, ` +
        `and below the ${Math.round(withinMs)} ms that this busy machine is allowed`,
    );
}
