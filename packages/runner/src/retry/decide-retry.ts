import type { RetryPolicy } from '@chaos/spec';
import { retryDelayMs } from './retry-delay.js';

/** A test, as far as its retries depend on it. */
export interface RetriedTest {
  readonly id: string;
  readonly retries: number;
  readonly retryPolicy: RetryPolicy;
}

/** How an attempt ended, as far as a retry depends on it. */
export interface AttemptEnd {
  readonly failed: boolean;
  /** False if another try would give the same result. */
  readonly retriable: boolean;
}

/** Part of a worker's order that tells it what follows a failure. */
export interface RetryOrder {
  /** Another try follows a failure that is retriable. */
  readonly mayRetry: boolean;
  /** The retry is this worker's next job: a failure ends the order and keeps suites open. */
  readonly retryNext: boolean;
}

/** Main's decision: is attempt number `retry` of the test followed by another one? */
export function followsRetry(test: RetriedTest, retry: number, end: AttemptEnd | undefined): boolean {
  return end !== undefined && end.failed && end.retriable && retry < test.retries;
}

/** The same decision on the side of the worker, which knows only its order. */
export function isLastTry({ mayRetry }: RetryOrder, { failed, retriable }: AttemptEnd): boolean {
  return failed && !(mayRetry && retriable);
}

/** True if the worker must leave everything as it is, because it runs the retry next. */
export function isRetriedNext({ retryNext }: RetryOrder, { failed, retriable }: AttemptEnd): boolean {
  return failed && retriable && retryNext;
}

/** The order for attempt number `retry` of the test, and the factor of its time-out. */
export function retryOrderOf(
  { retries, retryPolicy }: RetriedTest,
  retry: number,
): RetryOrder & { readonly timeoutFactor: number } {
  const mayRetry = retry < retries;
  return {
    mayRetry,
    retryNext: mayRetry && retryPolicy.placement === 'immediate',
    timeoutFactor: retryPolicy.timeoutFactor ** retry,
  };
}

/** Tests that are retried together. */
export interface RetryGroup<Test> {
  readonly tests: readonly Test[];
  readonly isolation: RetryPolicy['isolation'];
  /** After everything else, instead of next. */
  readonly atEnd: boolean;
  readonly delayMs: number;
}

/** Retries after attempt number `retry`: a serial group is retried as a whole, any other test alone. */
export function groupRetries<Test extends RetriedTest>(
  job: { readonly tests: readonly Test[]; readonly serial: boolean; readonly retry: number },
  endOf: (test: Test) => AttemptEnd | undefined,
  seed: string,
): readonly RetryGroup<Test>[] {
  const due = job.tests.filter((test) => followsRetry(test, job.retry, endOf(test)));
  const groupOf = (tests: readonly Test[], { id, retryPolicy }: Test): RetryGroup<Test> => ({
    tests,
    isolation: retryPolicy.isolation,
    atEnd: retryPolicy.placement === 'end',
    delayMs: retryDelayMs(retryPolicy, job.retry + 1, seed, id),
  });
  const [first] = due;
  if (!first) return [];
  return job.serial ? [groupOf(job.tests, first)] : due.map((test) => groupOf([test], test));
}
