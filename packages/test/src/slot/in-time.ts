import { EnvironmentError } from '@chaos/spec';

/**
 * What `act` resolves with. Where it has not ended after `timeoutMs` (`undefined`: for ever), or `signal` aborts, this
 * rejects and the signal that it was given aborts: nobody waits for code that forgot to.
 *
 * @param what for people: `reset() of the service queue`
 */
export async function inTime<T>(
  what: string,
  timeoutMs: number | undefined,
  signal: AbortSignal,
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (timeoutMs === undefined) return act(signal);
  const over = new AbortController();
  const stop = AbortSignal.any([signal, over.signal]);
  const timer = setTimeout(
    () =>
      over.abort(
        new EnvironmentError(`Cannot wait for ${what} any longer: it has not ended within ${timeoutMs} ms`, {
          hint: 'Let it end with its signal, or raise start_timeout_ms of the service.',
        }),
      ),
    timeoutMs,
  );
  const stopped = new Promise<never>((_, reject) => {
    stop.addEventListener('abort', () => reject(stop.reason as Error), { once: true });
  });
  try {
    signal.throwIfAborted();
    return await Promise.race([act(stop), stopped]);
  } finally {
    clearTimeout(timer);
  }
}
