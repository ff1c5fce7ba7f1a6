import type { Attempt, ErrorCode, SerializedError } from '@chaos/spec';
import { frameOf } from '../../data/frame-of.js';
import type { WorkerInit } from '../../ipc/messages.js';
import { wallMs } from '../../real-time.js';

/** An attempt whose worker can no longer report on it, as seen by main. */
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
    loads: [],
  };
}

/** The failed attempt of a test that its worker lacks, or whose file it cannot load. */
export function missingAttempt(testId: string, retry: number, error: SerializedError, init: WorkerInit): Attempt {
  const lost = lostAttempt({ testId, retry, status: 'failed', startMs: wallMs(), durationMs: 0 }, init);
  return { ...lost, errors: [error] };
}

/** Facts about a worker that died with its test. */
export interface Loss {
  readonly reason: string;
  /** Position at which it hung, if it did. */
  readonly hung: Pick<SerializedError, 'hint' | 'location'> | undefined;
  /** Its own description of its end. */
  readonly lastWords: SerializedError | undefined;
}

type Written = Pick<Attempt, 'annotations' | 'attachments'>;

/** Parts of an attempt that its worker has told already, in case it is lost. */
export class ToldOfAttempt {
  #errors: SerializedError[] = [];
  #written: Written = { annotations: [], attachments: [] };

  get all(): Written & Pick<Attempt, 'errors'> {
    return { ...this.#written, errors: this.#errors };
  }

  take({ error, written }: { readonly error: SerializedError; readonly written?: Written }): void {
    this.#errors.push(error);
    if (written) this.#written = written;
  }

  /** Another attempt begins. */
  forget(): void {
    this.#errors = [];
    this.#written = { annotations: [], attachments: [] };
  }
}

/** The attempt of a lost worker, with what it had told, its output and the reason of the loss. */
export function withLoss(attempt: Attempt, { reason, hung, lastWords }: Loss): Attempt {
  const outOfMemory = attempt.stderr.some((text) => text.includes('heap out of memory')) ? 'out of memory' : undefined;
  const message = [reason, lastWords?.message ?? outOfMemory].filter((part) => part !== undefined).join(': ');
  const { location, hint } = hung ?? {};
  const error = {
    ...lastWords,
    message,
    code: 'WORKER_LOST' satisfies ErrorCode,
    ...(hint !== undefined && { hint }),
    ...(location && { location, stack: `${message}\n${frameOf(location)}` }),
  };
  return { ...attempt, errors: [...attempt.errors, error] };
}
