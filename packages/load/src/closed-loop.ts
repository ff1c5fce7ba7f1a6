import { setMaxListeners } from 'node:events';
import { checkRange, checkRunnable, orAbort, type LoadResult } from '@chaos/spec';
import { LONGEST_TIMER_MS } from './longest-timer.js';
import { createRandom, type Random } from '@chaos/stats';
import { runOperation, type OperationContext, type OperationPlan, type OperationResult } from './operation.js';
import { pause } from './pause.js';
import { createTally } from './tally/tally.js';

/** Options of {@link closedLoop}. */
export interface ClosedLoopOptions<T> {
  /** One operation. What it throws is classified by `outcomeOf` of `@chaos/spec`. */
  run(context: OperationContext): Promise<T>;
  /** Returns true for a right answer; an answer on which it throws is wrong. Without it nothing is judged. */
  right?: ((value: T) => boolean) | undefined;
  /** Workers, each with one operation at a time. */
  readonly concurrency: number;
  /** No operation starts later than this, but each worker does at least one. Exactly one of this and `operations`. */
  readonly durationMs?: number | undefined;
  /** Number of operations over all workers. */
  readonly operations?: number | undefined;
  /** Before each operation a random pause up to this. Default 0. It does not count as latency. */
  readonly jitterMs?: number | undefined;
  /** Then the operation's signal is aborted and it counts as `timeout`. Default none. */
  readonly operationTimeoutMs?: number | undefined;
  /** Default: a stream of a fixed seed. */
  readonly random?: Random | undefined;
  /** Ends the load: it rejects with the reason at once, and the signals of running operations are aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each operation. */
  onResult?: ((result: OperationResult<T>) => void) | undefined;
}

/** Operations that never wait for anything would keep timers, sockets and the abort itself from having their turn. */
const TURN_MS = 10;

/**
 * A closed loop: each worker starts its next operation when the last one has ended, so that `concurrency` is the knob,
 * and a slow service slows the load down. Throws `RangeError` or `TypeError` for options that make no sense.
 *
 * Latencies are in milliseconds, from the start of each operation. While the service stalls no operation begins, so a
 * stall is measured by at most `concurrency` operations, and percentiles are lower than what users who arrive at a rate
 * of their own would see (coordinated omission): `openLoop` is for them.
 */
export async function closedLoop<T>(options: ClosedLoopOptions<T>): Promise<LoadResult> {
  const resolved = resolve(options);
  const { concurrency, durationMs, operations, jitterMs, random, signal, onResult, plan } = resolved;
  signal.throwIfAborted();
  const tally = createTally();
  const seed = String(random.integer(0, Number.MAX_SAFE_INTEGER));
  const running = new Set<AbortController>();
  const ending = new AbortController();
  // Every worker pauses on it.
  setMaxListeners(0, ending.signal);
  const end = (reason: unknown): void => {
    ending.abort(reason);
    for (const controller of running) controller.abort(reason);
  };
  const onAbort = (): void => end(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });

  const beginMs = performance.now();
  let started = 0;
  let turnMs = beginMs;
  const goesOn = (iteration: number): boolean =>
    started < operations && (iteration === 0 || performance.now() - beginMs < durationMs);
  const work = async (worker: number): Promise<void> => {
    const stream = createRandom(seed, 'worker', String(worker));
    for (let iteration = 0; goesOn(iteration) && !ending.signal.aborted; iteration++) {
      started++;
      if (jitterMs > 0) await pause(stream.next() * jitterMs, ending.signal);
      const controller = new AbortController();
      running.add(controller);
      const result = await runOperation(plan, { worker, iteration, random: stream, controller });
      running.delete(controller);
      if (ending.signal.aborted) return;
      tally.add(result, performance.now() - beginMs);
      onResult?.(result);
      if (performance.now() - turnMs > TURN_MS) {
        await new Promise((resume) => setImmediate(resume));
        turnMs = performance.now();
      }
    }
  };
  try {
    await orAbort(ending.signal, () => Promise.all(Array.from({ length: concurrency }, (_, worker) => work(worker))));
    return tally.result(performance.now() - beginMs, concurrency, plan.right !== undefined);
  } catch (error) {
    end(error);
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

interface Resolved<T> {
  readonly plan: OperationPlan<T>;
  readonly concurrency: number;
  readonly durationMs: number;
  readonly operations: number;
  readonly jitterMs: number;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly onResult: ((result: OperationResult<T>) => void) | undefined;
}

function resolve<T>(options: ClosedLoopOptions<T>): Resolved<T> {
  const { run, right, concurrency, durationMs, operations, jitterMs = 0, operationTimeoutMs, onResult } = options;
  const { random = createRandom('closed-loop'), signal = new AbortController().signal } = options;
  if (typeof run !== 'function')
    throw new TypeError(`Cannot run a load: current run is ${String(run)}, it must be a function`);
  checkRunnable('Cannot run a load', run);
  if (right !== undefined && typeof right !== 'function')
    throw new TypeError(`Cannot run a load: current right is ${String(right)}, it must be a function`);
  checkRange('concurrency', concurrency, { least: 1, whole: true });
  if ((durationMs === undefined) === (operations === undefined)) {
    throw new TypeError(
      `Cannot run a load: current durationMs is ${String(durationMs)} and operations ${String(operations)}, exactly one must be given`,
    );
  }
  if (durationMs !== undefined) checkRange('durationMs', durationMs, { least: 0, most: LONGEST_TIMER_MS });
  if (operations !== undefined) checkRange('operations', operations, { least: 1, whole: true });
  checkRange('jitterMs', jitterMs, { least: 0, most: LONGEST_TIMER_MS });
  if (operationTimeoutMs !== undefined)
    checkRange('operationTimeoutMs', operationTimeoutMs, { least: 1, most: LONGEST_TIMER_MS });
  return {
    plan: { run, right, operationTimeoutMs },
    concurrency,
    durationMs: durationMs ?? Infinity,
    operations: operations ?? Infinity,
    jitterMs,
    random,
    signal,
    onResult,
  };
}
