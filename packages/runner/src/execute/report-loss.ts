import { setTimeout as sleep } from 'node:timers/promises';
import type { Attempt } from '@chaos/spec';
import type { RetryAnswer } from '../ipc/messages.js';
import type { PlannedTest } from '../plan/planned-test.js';
import type { WorkerEvents } from './worker-events.js';
import type { WorkerProcess } from './worker-process.js';

const ANSWER_MS = 10_000;
const YES: RetryAnswer = { retriable: true, errors: [] };

/**
 * Tells of an attempt that went with its worker. Who would say whether its test is tried again is gone, too: where
 * another try is left, the `next` worker is asked.
 */
export async function reportLoss(
  attempt: Attempt,
  tests: readonly PlannedTest[],
  events: WorkerEvents,
  mayRetry: (test: PlannedTest) => boolean,
  next: () => Promise<WorkerProcess>,
): Promise<void> {
  const test = tests.find(({ id }) => id === attempt.testId);
  const { retriable, errors } = test && mayRetry(test) ? await ask(await next(), test, attempt) : YES;
  events.testEnd({ ...attempt, errors: [...attempt.errors, ...errors] }, 'passed', retriable, []);
}

// One that gives no answer is killed; the test is tried again then.
async function ask(
  worker: WorkerProcess,
  { file, declaredId, project }: PlannedTest,
  { errors: [error] }: Attempt,
): Promise<RetryAnswer> {
  if (!error) return YES;
  const late = new AbortController();
  const silence = sleep(ANSWER_MS, YES, { signal: late.signal }).then((yes) => (worker.kill(), yes));
  try {
    return await Promise.race([worker.ask('mayRetry', { file, declaredId, project, error }), silence]);
  } catch {
    return YES;
  } finally {
    late.abort();
    silence.catch(() => {});
  }
}
