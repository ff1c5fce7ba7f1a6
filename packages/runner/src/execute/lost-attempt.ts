import type { Attempt, SerializedError } from '@chaos/spec';
import type { WorkerInit } from '../ipc/messages.js';
import { wallMs } from '../real-time.js';

/** An attempt of which its worker can say nothing any more, as main saw it. */
export function lostAttempt(
  {
    testId,
    retry,
    status,
    startMs,
    durationMs,
  }: Pick<Attempt, 'testId' | 'retry' | 'status' | 'startMs' | 'durationMs'>,
  { workerIndex, parallelIndex, config }: WorkerInit,
): Attempt {
  return {
    testId,
    retry,
    status,
    startMs,
    durationMs,
    workerIndex,
    parallelIndex,
    seed: config.runner.seed,
    errors: [],
    steps: [],
    attachments: [],
    annotations: [],
    stdout: [],
    stderr: [],
    phases: [],
    faults: [],
    recoveries: [],
  };
}

/** The failed attempt of a test that its worker does not have, or whose file it cannot load. */
export function missingAttempt(testId: string, retry: number, error: SerializedError, init: WorkerInit): Attempt {
  const lost = lostAttempt({ testId, retry, status: 'failed', startMs: wallMs(), durationMs: 0 }, init);
  return { ...lost, errors: [error] };
}
