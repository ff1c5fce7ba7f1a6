import { setMaxListeners } from 'node:events';
import { checkRange, checkRunnable, orAbort, OperationError, type LoadResult } from '@chaos/spec';
import { createRandom, type Random } from '@chaos/stats';
import { LONGEST_TIMER_MS } from '../longest-timer.js';
import { runOperation, type OperationContext, type OperationPlan, type OperationResult } from '../operation.js';
import { pause } from '../pause.js';
import { createLatencyRecorder } from '../tally/latency-recorder.js';
import { createTally } from '../tally/tally.js';
import { arrivalTimes, expectedArrivals, resolveStages } from './arrival-times.js';
import type { ArrivalProcess, RateStage, Stage } from './arrival-times.js';

/** Options of {@link openLoop}. */
export interface OpenLoopOptions<T> {
  /** One operation. What it throws is classified by `outcomeOf` of `@chaos/spec`. */
  run(context: OperationContext): Promise<T>;
  /** Returns true for a right answer; an answer on which it throws is wrong. Without it nothing is judged. */
  right?: ((value: T) => boolean) | undefined;
  /** Requests per second, for `durationMs`. Exactly one of this and `stages`. */
  readonly ratePerSecond?: number | undefined;
  /** Time in which requests arrive, ms; the last ones end later. */
  readonly durationMs?: number | undefined;
  /** Ramps and plateaus, one after the other. */
  readonly stages?: readonly RateStage[] | undefined;
  /** `constant`: evenly. `poisson`: at random (seeded), as many independent users arrive. Default `constant`. */
  readonly arrivals?: ArrivalProcess | undefined;
  /** An operation's signal is aborted after this and it counts as `timeout`. Default none. */
  readonly operationTimeoutMs?: number | undefined;
  /** Operations under way at the same time; whoever arrives beyond that is shed, and told of. Default 1024. */
  readonly maxInFlight?: number | undefined;
  /** Default: a stream of a fixed seed. */
  readonly random?: Random | undefined;
  /** Ends the load: it rejects with the reason at once, and the signals of running operations are aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each operation that was started. */
  onResult?: ((result: OperationResult<T>) => void) | undefined;
}

/**
 * An open loop: requests arrive at a rate of their own, whether or not earlier ones have been answered, as those of
 * real users do. A slow service does not slow the load down.
 *
 * Latencies are in milliseconds from the instant at which a request was to arrive, so a stall counts for everybody who
 * arrived during it (no coordinated omission), and a generator that is late makes answers slower, never faster. Its own
 * delay is in `arrivals.lag`. Arrivals beyond `maxInFlight` are not started: they count as `unavailable` operations
 * without a latency, and `arrivals.shed` is their number. Throws `RangeError` or `TypeError` for options that make no
 * sense.
 */
export async function openLoop<T>(options: OpenLoopOptions<T>): Promise<LoadResult> {
  const { plan, stages, arrivals, maxInFlight, random, signal, onResult } = resolve(options);
  signal.throwIfAborted();
  const tally = createTally();
  const lag = createLatencyRecorder();
  const seed = String(random.integer(0, Number.MAX_SAFE_INTEGER));
  const running = new Map<AbortController, Promise<void>>();
  const ending = new AbortController();
  setMaxListeners(0, ending.signal);
  const end = (reason: unknown): void => {
    ending.abort(reason);
    for (const controller of running.keys()) controller.abort(reason);
  };
  const onAbort = (): void => end(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });

  const beginMs = performance.now();
  let [arrived, shed, peak] = [0, 0, 0];
  const lanes = freeLanes();
  const start = async (controller: AbortController, iteration: number, intendedMs: number): Promise<void> => {
    const worker = lanes.take();
    const stream = createRandom(seed, 'arrival', String(iteration));
    const result = await runOperation(plan, { worker, iteration, random: stream, controller, intendedMs });
    lanes.give(worker);
    running.delete(controller);
    if (ending.signal.aborted) return;
    tally.add(result, performance.now() - beginMs);
    onResult?.(result);
  };
  const arrive = (intendedMs: number): void => {
    const iteration = arrived++;
    if (running.size >= maxInFlight) {
      shed++;
      return tally.addShed(shedError(maxInFlight), performance.now() - beginMs);
    }
    lag.record(performance.now() - intendedMs);
    const controller = new AbortController();
    const operation = start(controller, iteration, intendedMs);
    // What is no outcome ends the load at once.
    operation.catch(end);
    running.set(controller, operation);
    peak = Math.max(peak, running.size);
  };
  try {
    await orAbort(ending.signal, async () => {
      for (const atMs of arrivalTimes(stages, arrivals, createRandom(seed, 'arrivals'))) {
        await untilDue(beginMs + atMs, arrived, ending.signal);
        arrive(beginMs + atMs);
      }
      await Promise.all(running.values());
    });
    const figures = tally.result(performance.now() - beginMs, peak, plan.right !== undefined);
    return { ...figures, arrivals: { process: arrivals, planned: arrived, shed, lag: lag.summary() } };
  } catch (error) {
    end(error);
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Overdue arrivals come without a pause; sockets get their turn after so many of them. */
const WITHOUT_TURN = 16;

async function untilDue(dueMs: number, arrived: number, signal: AbortSignal): Promise<void> {
  let waitMs = dueMs - performance.now();
  if (waitMs <= 0 && arrived % WITHOUT_TURN === 0) await new Promise((resume) => setImmediate(resume));
  // A timer may fire a fraction of a millisecond early: then nothing would have arrived yet.
  for (; waitMs > 0; waitMs = dueMs - performance.now()) await pause(Math.ceil(waitMs), signal);
  signal.throwIfAborted();
}

function shedError(maxInFlight: number): OperationError {
  return new OperationError('unavailable', `not started, for ${maxInFlight} operations were under way already`);
}

// Numbers for operations under way, each given out again when its operation has ended: what `worker` is in a closed
// loop.
function freeLanes(): { take(): number; give(lane: number): void } {
  const free: number[] = [];
  let next = 0;
  return {
    take: () => free.pop() ?? next++,
    give: (lane) => void free.push(lane),
  };
}

interface Resolved<T> {
  readonly plan: OperationPlan<T>;
  readonly stages: readonly Stage[];
  readonly arrivals: ArrivalProcess;
  readonly maxInFlight: number;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly onResult: ((result: OperationResult<T>) => void) | undefined;
}

function resolve<T>(options: OpenLoopOptions<T>): Resolved<T> {
  const { run, right, operationTimeoutMs, arrivals = 'constant', maxInFlight = 1024, onResult } = options;
  const { random = createRandom('open-loop'), signal = new AbortController().signal } = options;
  if (typeof run !== 'function')
    throw new TypeError(`Cannot run a load: current run is ${String(run)}, it must be a function`);
  checkRunnable('Cannot run a load', run);
  if (right !== undefined && typeof right !== 'function')
    throw new TypeError(`Cannot run a load: current right is ${String(right)}, it must be a function`);
  if (arrivals !== 'constant' && arrivals !== 'poisson')
    throw new TypeError(`Cannot run a load: current arrivals is ${String(arrivals)}, it must be constant or poisson`);
  checkRange('maxInFlight', maxInFlight, { least: 1, whole: true });
  if (operationTimeoutMs !== undefined)
    checkRange('operationTimeoutMs', operationTimeoutMs, { least: 1, most: LONGEST_TIMER_MS });
  const stages = stagesOf(options);
  if (expectedArrivals(stages) < 1)
    throw new RangeError(
      `Cannot run a load: its rate and time make ${expectedArrivals(stages).toFixed(2)} requests, at least 1 is needed`,
    );
  return { plan: { run, right, operationTimeoutMs }, stages, arrivals, maxInFlight, random, signal, onResult };
}

function stagesOf({
  ratePerSecond,
  durationMs,
  stages,
}: Pick<OpenLoopOptions<unknown>, 'ratePerSecond' | 'durationMs' | 'stages'>): readonly Stage[] {
  if (stages !== undefined) {
    if (ratePerSecond !== undefined || durationMs !== undefined)
      throw new TypeError(
        `Cannot run a load: stages are given, and so are ratePerSecond ${String(ratePerSecond)} and ` +
          `durationMs ${String(durationMs)}; give the stages alone`,
      );
    return resolveStages(stages);
  }
  if (ratePerSecond === undefined || durationMs === undefined)
    throw new TypeError(
      `Cannot run a load: current ratePerSecond is ${String(ratePerSecond)} and durationMs ${String(durationMs)}, ` +
        'both must be given, or stages',
    );
  checkRange('ratePerSecond', ratePerSecond, { above: 0 });
  return resolveStages([{ to: ratePerSecond, durationMs }]);
}
