import { setTimeout as delay } from 'node:timers/promises';

/**
 * Polls every 20 ms until `look` returns something, and returns it; after a generous time-out it throws the text of
 * `why`.
 */
export async function eventually<T>(
  look: () => T | undefined | false,
  why: () => string,
  timeoutMs = 60_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const seen = look();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() > deadline) throw new Error(`${why()} (looked for ${timeoutMs} ms)`);
    await delay(20);
  }
}
