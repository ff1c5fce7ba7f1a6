import { setTimeout as sleep } from 'node:timers/promises';

/** True when the other side answers in time, with any answer. */
export async function answersWithin(ms: number, ask: () => Promise<unknown>): Promise<boolean> {
  const late = new AbortController();
  const yes = (): true => true;
  try {
    return await Promise.race([ask().then(yes, yes), sleep(ms, false, { signal: late.signal })]);
  } finally {
    late.abort();
  }
}
