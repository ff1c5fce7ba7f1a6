import { setTimeout as sleep } from 'node:timers/promises';
import type { SerializedError } from '@chaos/spec';
import { ANSWER_MS, type HangWatch } from '../../hang/hang-watch.js';
import { serializeError } from '../../data/serialize-error.js';
import { monotonicMs } from '../../real-time.js';
import type { ChildExit } from '../child.js';
import { lostBetween } from './lost-between.js';

// Total time for hooks and fixtures of an interrupted run, ms.
const STOP_MS = 5000;

/** A worker that is told to end, as seen by {@link finishWorker}. */
export interface Finishing {
  readonly workerIndex: number;
  readonly watch: Pick<HangWatch, 'answers' | 'locate'>;
  readonly exited: Promise<ChildExit>;
  /** Rejects when the worker refuses, or is gone. */
  stop(): Promise<unknown>;
  /** True once its process is gone. */
  isGone(): boolean;
  /** True if main has killed it. */
  isKilled(): boolean;
  isInterrupted(): boolean;
  lastWords(): SerializedError | undefined;
}

/**
 * Waits until the code of a worker has ended: its afterAll hooks and worker fixtures. Returns the error if it did not
 * come to its end, whether it hangs or dies.
 */
export async function finishWorker(worker: Finishing): Promise<SerializedError | undefined> {
  const stopping = worker.stop().then(
    (): { readonly error?: SerializedError } => ({}),
    async (error: unknown) => {
      const lost = await lossOf(worker, error);
      return lost ? { error: lost } : {};
    },
  );
  const startMs = monotonicMs();
  for (;;) {
    const ended = await Promise.race([stopping, sleep(ANSWER_MS, undefined, { ref: false })]);
    if (ended) return ended.error;
    const isOver = worker.isInterrupted() && monotonicMs() - startMs > STOP_MS;
    if (isOver || !(await worker.watch.answers())) return hangOf(worker);
  }
}

async function lossOf(worker: Finishing, error: unknown): Promise<SerializedError | undefined> {
  if (!worker.isGone()) return serializeError(error);
  const exit = await worker.exited;
  if (worker.isKilled()) return undefined;
  return lostBetween(worker.workerIndex, 'in its afterAll hooks and worker fixtures', exit, worker.lastWords());
}

async function hangOf({ watch, workerIndex }: Finishing): Promise<SerializedError> {
  const { said, location } = await watch.locate();
  return {
    message: `Worker ${workerIndex} was killed: its afterAll hooks and worker fixtures did not come to their end${said ? `: ${said.message}` : ''}`,
    ...(said && { hint: said.hint }),
    ...(location && { location }),
  };
}
