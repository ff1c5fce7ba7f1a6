import type { RunOrder } from '../ipc/messages.js';
import type { Unit } from '../plan/lanes.js';

/** What a worker is told of a unit. */
export function orderOf(unit: Unit, { deadlineFactor, journalDirectory }: Pick<RunOrder, 'deadlineFactor' | 'journalDirectory'>, now: Pick<RunOrder, 'maxFailures' | 'last' | 'addresses'>): RunOrder {
  const tests = unit.tests.map(({ id, declaredId, project, repeatEachIndex, timeoutMs, retries, retryPolicy }) => {
    const mayRetry = unit.retry < retries;
    const stretch = deadlineFactor * retryPolicy.timeoutFactor ** unit.retry;
    return { testId: id, declaredId, project, repeatEachIndex, retry: unit.retry, repeats: unit.repeats, timeoutMs: Math.round(timeoutMs * stretch), mayRetry, retryNext: mayRetry && retryPolicy.placement === 'immediate' };
  });
  return { file: unit.file, tests, serial: unit.serial, journalDirectory, deadlineFactor, ...now };
}
