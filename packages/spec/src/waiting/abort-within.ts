/**
 * A signal that aborts when `signal` does, or after `ms` milliseconds, then with a `TimeoutError`. It does not keep a
 * process alive. Dispose of it when the wait is over: it listens to `signal` until then. Use it in place of
 * `AbortSignal.any([signal, AbortSignal.timeout(ms)])`, whose time-out Node 20 may collect before it comes, so that
 * nothing ends the wait.
 *
 * @example
 * ```ts
 * using within = abortWithin(signal, 2000);
 * await fetch('http://localhost:3000', { signal: within });
 * ```
 */
export function abortWithin(signal: AbortSignal, ms: number): AbortSignal & Disposable {
  const controller = new AbortController();
  const release = (): void => {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  };
  const end = (reason: unknown): void => {
    release();
    controller.abort(reason);
  };
  const onAbort = (): void => end(signal.reason);
  const timer = setTimeout(
    () => end(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
    ms,
  ).unref();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  return Object.assign(controller.signal, { [Symbol.dispose]: release });
}
