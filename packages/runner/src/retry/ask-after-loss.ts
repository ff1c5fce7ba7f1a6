import { setTimeout as sleep } from 'node:timers/promises';
import type { Attempt } from '@chaos/spec';
import type { RetryAnswer, RetryQuestion } from './retry-question.js';

/** A worker that can answer whether a test is retried. */
export interface Answering {
  ask(question: 'mayRetry', details: RetryQuestion): Promise<RetryAnswer>;
  kill(): void;
}

const ANSWER_MS = 10_000;
const YES: RetryAnswer = { retriable: true, errors: [] };

/**
 * Asks the `next` worker whether to retry an attempt that died with its worker, because the worker that decides on
 * retries died, too. One that gives no answer is killed; then the test is retried.
 */
export async function askAfterLoss(
  { errors: [error] }: Attempt,
  { file, declaredId, project }: Omit<RetryQuestion, 'error'>,
  next: () => Promise<Answering>,
): Promise<RetryAnswer> {
  if (!error) return YES;
  return answerOf(await next(), { file, declaredId, project, error });
}

async function answerOf(worker: Answering, question: RetryQuestion): Promise<RetryAnswer> {
  const late = new AbortController();
  const silence = sleep(ANSWER_MS, YES, { signal: late.signal }).then((yes) => (worker.kill(), yes));
  try {
    return await Promise.race([worker.ask('mayRetry', question), silence]);
  } catch {
    return YES;
  } finally {
    late.abort();
    silence.catch(() => {});
  }
}
