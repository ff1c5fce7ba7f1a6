import { orAbort } from '@chaos/spec';
import { pause } from './pause.js';

/** Evidence from outside the load: `true` or a number above 0 means that the phenomenon was seen. */
export type Evidence = boolean | number;

/** One level that was tried. */
export interface ProvokeAttempt {
  readonly level: number;
  readonly observed: boolean;
  /** Last result of `observe`. */
  readonly evidence: Evidence;
  /** True if the load ran to its end, or the observation ended it; false if the budget ran out. */
  readonly complete: boolean;
  readonly durationMs: number;
}

/** The two sides of an attempt. */
export interface AttemptOptions {
  run(level: number, signal: AbortSignal): Promise<unknown>;
  observe(signal: AbortSignal): Promise<Evidence>;
  readonly signal: AbortSignal;
}

const POLL_MS = 20;
/** Time to wait for a load that was told to end, ms. */
const GRACE_MS = 1000;
/** Time that evidence may outlive the load that caused it, ms. */
const CLEAR_MS = 1000;

/** Runs one level while looking for evidence, and once more after it. The load is ended as soon as there is some. */
export async function attemptLevel(
  level: number,
  deadlineMs: number,
  { run, observe, signal }: AttemptOptions,
): Promise<ProvokeAttempt> {
  const beginMs = performance.now();
  const load = new AbortController();
  const onAbort = (): void => load.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  let [ended, failed, complete] = [false, false, true];
  const budget = setTimeout(
    () => {
      complete = ended;
      load.abort(new DOMException('the budget of provoke has run out', 'TimeoutError'));
    },
    Math.max(0, deadlineMs - beginMs),
  );
  let failure: unknown;
  const running = (async () => run(level, load.signal))()
    .catch((error: unknown) => {
      // After an abort any rejection is its consequence.
      failed = !load.signal.aborted;
      failure = error;
    })
    .finally(() => (ended = true));
  let evidence: Evidence = false;
  try {
    for (let last = false; !last;) {
      last = ended || load.signal.aborted;
      evidence = await orAbort(signal, () => observe(signal));
      if (isObserved(evidence)) break;
      if (!last) await orAbort(signal, () => Promise.race([running, pause(POLL_MS, signal)]));
    }
    if (failed) throw failure;
  } finally {
    clearTimeout(budget);
    signal.removeEventListener('abort', onAbort);
    load.abort(signal.aborted ? signal.reason : new DOMException('provoke has ended this level', 'AbortError'));
    if (!signal.aborted) await settled(running);
  }
  const observed = isObserved(evidence);
  return { level, observed, evidence, complete: complete || observed, durationMs: performance.now() - beginMs };
}

/**
 * Waits until there is no evidence left of an earlier level; `false` when it stays, as with a counter that only grows.
 */
export async function evidenceClears(
  deadlineMs: number,
  { observe, signal }: Pick<AttemptOptions, 'observe' | 'signal'>,
): Promise<boolean> {
  const untilMs = Math.min(deadlineMs, performance.now() + CLEAR_MS);
  for (;;) {
    if (!isObserved(await orAbort(signal, () => observe(signal)))) return true;
    if (performance.now() >= untilMs) return false;
    await pause(POLL_MS, signal);
  }
}

function isObserved(evidence: Evidence): boolean {
  return evidence === true || (typeof evidence === 'number' && evidence > 0);
}

async function settled(running: Promise<unknown>): Promise<void> {
  const grace = new AbortController();
  const stopWaiting = setTimeout(() => grace.abort(), GRACE_MS);
  await orAbort(grace.signal, () => running).catch(() => {});
  clearTimeout(stopWaiting);
}
