import { setTimeout as sleep } from 'node:timers/promises';
import type { Attempt } from '@chaos/spec';
import type { RetryAnswer } from '../ipc/messages.js';
import type { PlannedTest } from '../plan/planned-test.js';
import type { WorkerEvents } from './worker-events.js';
import type { WorkerProcess } from './worker-process.js';

const ANSWER_MS = 10_000;
const YES: RetryAnswer = { retriable: true, errors: [] };

/**
 * Reports an attempt that died with its worker. The worker that decides on retries died too, so ask the `next` one if
 * retries remain.
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

// A worker that gives no answer is killed; then the test is retried.
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
