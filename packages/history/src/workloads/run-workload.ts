import { setTimeout as pause } from 'node:timers/promises';
import type { History } from '../history.js';
import { isBug } from '../classify/is-bug.js';
import type { Recorder } from '../record/recorder.js';
import type { Workload } from './workload.js';

// A system that is down refuses thousands of operations a second, none of which says anything.
const PAUSE_AFTER_FAILURE_MS = 5;
const FINISH_ATTEMPTS = 200;

/**
 * Options of {@link runWorkload}: how long it goes on is one of `operations`, `durationMs` and `signal`, or the first
 * of several.
 */
export interface RunWorkloadOptions {
  /** Records the operations. */
  readonly recorder: Recorder;
  /** Operations at a time. Default 10. */
  readonly concurrency?: number;
  /** Ends after so many. */
  readonly operations?: number;
  /** Ends after so many milliseconds. */
  readonly durationMs?: number;
  /** Ends it early: operations under way are awaited, the last read is made, nothing is thrown. */
  readonly signal?: AbortSignal;
}

/**
 * Sets a workload up, runs it and returns the history. Operations that fail are part of the history; what cannot be set
 * up or finished is thrown, and so is an error in the workload's own code.
 */
export async function runWorkload(
  workload: Workload,
  { recorder, concurrency = 10, operations = Infinity, durationMs = Infinity, signal }: RunWorkloadOptions,
): Promise<History> {
  if (!Number.isSafeInteger(concurrency) || concurrency < 1)
    throw new RangeError(
      `Cannot run the workload ${workload.name}: current concurrency is ${concurrency}, must be a whole number from 1`,
    );
  if (operations === Infinity && durationMs === Infinity && signal === undefined)
    throw new TypeError(
      `Cannot run the workload ${workload.name}: it would never end, give it operations, durationMs or a signal`,
    );
  const end = performance.now() + durationMs;
  let left = operations;
  const client = async (): Promise<void> => {
    const process = recorder.process();
    while (left > 0 && performance.now() < end && signal?.aborted !== true) {
      left--;
      try {
        await workload.step(process);
      } catch (error) {
        if (isBug(error)) throw error;
        await pause(PAUSE_AFTER_FAILURE_MS);
      }
    }
  };
  try {
    await workload.setup();
    await Promise.all(Array.from({ length: concurrency }, client));
    await finish(workload, recorder);
    return recorder.history();
  } finally {
    workload.close?.();
  }
}

// The fault may still be in force, or its last connections in the pool.
async function finish(workload: Workload, recorder: Recorder): Promise<void> {
  const process = recorder.process();
  for (let attempt = 1; workload.finish !== undefined; attempt++) {
    try {
      await workload.finish(process);
      return;
    } catch (error) {
      if (attempt === FINISH_ATTEMPTS || isBug(error)) throw error;
      await pause(PAUSE_AFTER_FAILURE_MS * Math.min(attempt, 20));
    }
  }
}
