import type { Attempt } from '@chaos/spec';
import type { WorkerInit } from '../ipc/messages.js';

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
