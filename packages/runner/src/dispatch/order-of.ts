import type { DispatcherOptions } from './dispatcher-options.js';
import type { RunOrder } from '../ipc/messages.js';
import { outputDirOf } from '../output-folders.js';
import type { Job } from '../plan/job-chains.js';
import { retryOrderOf } from '../retry/decide-retry.js';

/** Builds the order for a worker from a job. */
export function orderOf(
  job: Job,
  {
    config,
    deadlineFactor,
    journalDirectory,
    environmentOf,
  }: Pick<DispatcherOptions, 'config' | 'deadlineFactor' | 'journalDirectory' | 'environmentOf'>,
  now: Pick<RunOrder, 'maxFailures' | 'last' | 'addresses'>,
): RunOrder {
  const tests = job.tests.map((test) => {
    const { id, declaredId, project, repeatEachIndex, timeoutMs } = test;
    const { timeoutFactor, ...retryOrder } = retryOrderOf(test, job.retry);
    return {
      testId: id,
      declaredId,
      project,
      repeatEachIndex,
      retry: job.retry,
      repeats: job.repeats,
      inQuarantine: test.quarantine !== undefined,
      timeoutMs: Math.round(timeoutMs * deadlineFactor * timeoutFactor),
      ...retryOrder,
    };
  });
  return {
    file: job.file,
    tests,
    serial: job.serial,
    outputDir: outputDirOf(config.runner, job.tests[0]?.project),
    journalDirectory,
    deadlineFactor,
    environment: environmentOf(job.tests[0]?.project ?? ''),
    ...now,
  };
}
