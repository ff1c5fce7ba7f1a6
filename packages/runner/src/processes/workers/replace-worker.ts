import { carriesEnvironment, killTree } from '@chaos/env/process';
import type { RunEvent } from '@chaos/spec';
import { healJournals } from '../../ledger/heal.js';
import type { WorkerPool } from './worker-pool.js';
import type { WorkerProcess } from './worker-process.js';

/** Dependencies of {@link replaceWorker}. */
export interface Replacing {
  readonly workers: WorkerPool;
  readonly journalDirectory: string | undefined;
  readonly emit: (event: RunEvent) => void;
}

/**
 * Ends an unreliable worker with everything it started; undoes its changes outside of the slot before anything else
 * runs.
 */
export async function replaceWorker(
  worker: WorkerProcess,
  reason: string,
  { workers, journalDirectory, emit }: Replacing,
): Promise<void> {
  const { parallelIndex, workerIndex, runId } = worker.init;
  const say = (text: string): void => emit({ type: 'diagnostic', text });
  say(`worker ${workerIndex} is replaced: ${reason}`);
  await workers.discard(worker);
  // Processes started by its tests inherited these variables.
  const marks = [`CHAOS_RUN_ID=${runId}`, `TEST_WORKER_INDEX=${workerIndex}`];
  const killed = await killTree(({ pid }) => carriesEnvironment(pid, marks)).catch((error: unknown) =>
    say(String(error)),
  );
  if (killed) say(`${killed} processes that its tests had left were killed`);
  if (journalDirectory === undefined) return;
  const { failed } = await healJournals(journalDirectory, { only: `worker-${parallelIndex}-${workerIndex}`, log: say });
  for (const { what, error } of failed) say(`cannot undo ${what}: ${String(error)}`);
}
