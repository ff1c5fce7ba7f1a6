import { setTimeout as sleep } from 'node:timers/promises';
import { applyEnvironment } from '../ipc/apply-environment.js';
import type { EnvironmentChanges } from '../ipc/messages.js';
import type { WorkerProcess } from './worker-process.js';

const ANSWER_MS = 1000;

/** Shares environment changes of each worker's tests with all other workers, including those started later. */
export async function shareEnvironment(workers: readonly WorkerProcess[]): Promise<void> {
  const ask = (worker: WorkerProcess, changes: EnvironmentChanges): Promise<EnvironmentChanges> =>
    Promise.race([worker.ask('environment', changes).catch(() => ({})), sleep(ANSWER_MS, {}, { ref: false })]);
  const changes = Object.assign(
    {},
    ...(await Promise.all(workers.map((worker) => ask(worker, {})))),
  ) as EnvironmentChanges;
  applyEnvironment(changes);
  await Promise.all(workers.map((worker) => ask(worker, changes)));
}
