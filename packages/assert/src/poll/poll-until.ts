import { setTimeout as sleep } from 'node:timers/promises';
import { expectHost } from '../expect-host.js';
import { watchTarget } from './watch-target.js';

/** Interval and duration of polling. */
export interface PollOptions {
  /** Milliseconds, before the host's stretching; 0 = until the host ends the test. */
  readonly timeoutMs: number;
  /** Pauses in milliseconds; the last one repeats. */
  readonly intervalsMs: readonly number[];
}

/** Pauses between probes where none are given. */
export const DEFAULT_INTERVALS_MS: readonly number[] = [100, 250, 500, 1000];

/**
 * Calls `probe` until it returns true. Returns undefined then, and the sentence why it was given up otherwise.
 * A probe that hangs is given up too: its `signal` aborts. So is a target that has ended by itself.
 */
export async function pollUntil(
  options: PollOptions,
  probe: (signal: AbortSignal) => Promise<boolean>,
): Promise<string | undefined> {
  const host = expectHost();
  const timeoutMs = options.timeoutMs * (host?.deadlineFactor ?? 1);
  const controller = new AbortController();
  const abort = (): void => controller.abort(host?.signal?.reason);
  const timer = timeoutMs > 0 ? setTimeout(() => controller.abort(), timeoutMs) : undefined;
  if (host?.signal?.aborted) abort();
  host?.signal?.addEventListener('abort', abort, { once: true });
  const { signal } = controller;
  const aborted = new Promise<'aborted'>((resolve) => {
    if (signal.aborted) resolve('aborted');
    signal.addEventListener('abort', () => resolve('aborted'), { once: true });
  });
  let ended: string | undefined;
  const watching = watchTarget((problem) => {
    ended = problem;
    controller.abort();
  }, signal);
  try {
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      const outcome = await Promise.race([probe(signal), aborted]);
      if (outcome === true) return undefined;
      if (outcome === 'aborted') break;
      const pauseMs = options.intervalsMs[Math.min(attempt, options.intervalsMs.length - 1)] ?? 0;
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
    if (ended !== undefined) return ended;
    return host?.signal?.aborted
      ? 'Test ended while waiting on the predicate'
      : `Timeout ${Math.round(timeoutMs)}ms exceeded while waiting on the predicate`;
  } finally {
    clearTimeout(timer);
    host?.signal?.removeEventListener('abort', abort);
    controller.abort();
    await watching;
  }
}
