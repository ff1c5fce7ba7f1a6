/**
 * Returns the result of `action`, or rejects with the signal's reason as soon as it aborts; then nobody waits for the
 * action any longer.
 *
 * @example
 * ```ts
 * const answer = await orAbort(AbortSignal.timeout(1000), () => fetch('http://localhost:3000'));
 * ```
 */
export async function orAbort<T>(signal: AbortSignal, action: () => T | Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', (stop = () => reject(signal.reason as Error)), { once: true }),
  );
  try {
    return await Promise.race([(async () => action())(), aborted]);
  } finally {
    if (stop) signal.removeEventListener('abort', stop);
  }
}
