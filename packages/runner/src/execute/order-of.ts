import type { ResolvedConfig } from '@chaos/spec';
import type { RunOrder } from '../ipc/messages.js';
import { outputDirOf } from '../output-dir-of.js';
import type { Unit } from '../plan/lanes.js';

/** Builds the order for a worker from a unit. */
export function orderOf(
  unit: Unit,
  {
    config,
    deadlineFactor,
    journalDirectory,
  }: Pick<RunOrder, 'deadlineFactor' | 'journalDirectory'> & { readonly config: ResolvedConfig },
  now: Pick<RunOrder, 'maxFailures' | 'last' | 'addresses'>,
): RunOrder {
  const tests = unit.tests.map(({ id, declaredId, project, repeatEachIndex, timeoutMs, retries, retryPolicy }) => {
    const mayRetry = unit.retry < retries;
    const stretch = deadlineFactor * retryPolicy.timeoutFactor ** unit.retry;
    return {
      testId: id,
      declaredId,
      project,
      repeatEachIndex,
      retry: unit.retry,
      repeats: unit.repeats,
      timeoutMs: Math.round(timeoutMs * stretch),
      mayRetry,
      retryNext: mayRetry && retryPolicy.placement === 'immediate',
    };
  });
  return {
    file: unit.file,
    tests,
    serial: unit.serial,
    outputDir: outputDirOf(config.runner, unit.tests[0]?.project),
    journalDirectory,
    deadlineFactor,
    ...now,
  };
}
