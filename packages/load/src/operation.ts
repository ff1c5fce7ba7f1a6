import { isChaosError, saysWrongData, outcomeOf, type Outcome } from '@chaos/spec';
import type { Random } from '@chaos/stats';
import { yieldPoint } from './yield-point.js';

/** Context for one call of `run`. */
export interface OperationContext {
  /** Aborted when the operation has timed out (reason: a `TimeoutError`) or the load is to end. */
  readonly signal: AbortSignal;
  /** 0-based. In an open loop a number that no other operation under way has. */
  readonly worker: number;
  /** 0-based, per worker. In an open loop over all arrivals. */
  readonly iteration: number;
  /** A stream of this worker alone. In an open loop, of this operation. */
  readonly random: Random;
  /** Randomly (seeded) lets other tasks run here: put it between the steps of a suspected race. */
  yieldPoint(): Promise<void>;
}

/** Result of one operation. */
export interface OperationResult<T> {
  readonly worker: number;
  readonly iteration: number;
  readonly outcome: Outcome;
  /** Milliseconds since the Unix epoch. */
  readonly startMs: number;
  /** From its start; in an open loop from the instant at which it was to start. */
  readonly latencyMs: number;
  /** The answer, where there was one in time. */
  readonly value?: T;
  readonly error?: unknown;
}

/** The part of an operation that stays the same from one to the next. */
export interface OperationPlan<T> {
  run(context: OperationContext): Promise<T>;
  readonly right: ((value: T) => boolean) | undefined;
  readonly operationTimeoutMs: number | undefined;
}

/** One operation of a load. */
export interface OperationStart {
  readonly worker: number;
  readonly iteration: number;
  readonly random: Random;
  /** Aborted when the operation has timed out. */
  readonly controller: AbortController;
  /** From here on latency counts, as `performance.now()` tells the time. Default: now. */
  readonly intendedMs?: number;
}

// No outcomes of an operation: wrong data, and a test that misuses an API.
const isFinal = (error: unknown): boolean => saysWrongData(error) || isChaosError(error, 'USAGE');

/** After its time-out an operation gets this long to settle; then the load goes on without it. */
const GRACE_MS = 1000;

/**
 * Runs one operation and judges it. Rejects only for what is no outcome: an `InvariantViolation`, a `UsageError`, and a
 * `right` that does not return a boolean (`TypeError`).
 */
export async function runOperation<T>(
  plan: OperationPlan<T>,
  { worker, iteration, random, controller, intendedMs }: OperationStart,
): Promise<OperationResult<T>> {
  const { signal } = controller;
  const startMs = Date.now();
  const beginMs = intendedMs ?? performance.now();
  const context: OperationContext = { signal, worker, iteration, random, yieldPoint: () => yieldPoint(random, signal) };
  const settled = await settle(() => plan.run(context), plan.operationTimeoutMs, controller);
  const base = { worker, iteration, startMs, latencyMs: performance.now() - beginMs };
  if (!('error' in settled)) return { ...base, ...judge(settled.value, plan.right), value: settled.value };
  if (isFinal(settled.error)) throw settled.error;
  return { ...base, outcome: outcomeOf(settled.error), error: settled.error };
}

type Settled<T> = { readonly value: T } | { readonly error: unknown };

async function settle<T>(
  run: () => Promise<T>,
  timeoutMs: number | undefined,
  controller: AbortController,
): Promise<Settled<T>> {
  const running = (async () => run())().then(
    (value): Settled<T> => ({ value }),
    (error: unknown): Settled<T> => ({ error }),
  );
  if (timeoutMs === undefined) return running;
  let late: DOMException | undefined;
  let timer: NodeJS.Timeout | undefined;
  const abandoned = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      late = new DOMException(`operation took longer than ${timeoutMs} ms`, 'TimeoutError');
      controller.abort(late);
      timer = setTimeout(resolve, GRACE_MS);
    }, timeoutMs);
  });
  const settled = await Promise.race([running, abandoned]);
  clearTimeout(timer);
  if (settled !== undefined && 'error' in settled && isFinal(settled.error)) return settled;
  return settled === undefined || late !== undefined ? { error: late } : settled;
}

function judge<T>(
  value: T,
  right: ((value: T) => boolean) | undefined,
): { readonly outcome: 'ok' | 'wrong'; readonly error?: unknown } {
  if (right === undefined) return { outcome: 'ok' };
  let verdict: unknown;
  try {
    verdict = right(value);
  } catch (error) {
    // It reads what is not there: the answer has not the shape of a right one.
    return { outcome: 'wrong', error };
  }
  if (typeof verdict !== 'boolean')
    throw new TypeError(`Cannot judge an answer: right returned ${String(verdict)}, it must return true or false`);
  return { outcome: verdict ? 'ok' : 'wrong' };
}
