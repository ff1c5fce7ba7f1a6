import type { RetryPolicy } from '@chaos/spec';
import { createRandom } from '@chaos/stats';

/** Milliseconds before attempt `retry` (1 = the first retry) of a test: exponential, spread by a seeded jitter. */
export function retryDelayMs(
  { delayMs, backoff, jitter }: RetryPolicy,
  retry: number,
  seed: string,
  testId: string,
): number {
  const spread = 1 + jitter * (createRandom(seed, testId, `retry ${retry}`).next() * 2 - 1);
  return Math.round(delayMs * backoff ** (retry - 1) * spread);
}
