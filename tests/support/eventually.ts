import { setTimeout as delay } from 'node:timers/promises';

/**
 * Looks every 20 ms until there is something to see, and returns it; after a generous while it throws what `why` says.
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
