import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, type ProcessIdentity } from './process-identity.js';

/** Waits until none of these processes runs; returns those still running after `timeoutMs`. */
export async function untilGone(
  identities: readonly ProcessIdentity[],
  timeoutMs: number,
): Promise<readonly ProcessIdentity[]> {
  const deadline = performance.now() + timeoutMs;
  let left = identities.filter(isRunning);
  while (left.length > 0 && performance.now() < deadline) {
    await delay(5);
    left = left.filter(isRunning);
  }
  return left;
}
