/**
 * A signal that aborts when `signal` does, or after `ms` milliseconds, then with a `TimeoutError`. It does not keep a
 * process alive. Use it in place of `AbortSignal.any([signal, AbortSignal.timeout(ms)])`, whose time-out Node 20 may
 * collect before it comes, so that nothing ends the wait.
 */
export function abortWithin(signal: AbortSignal, ms: number): AbortSignal {
  const controller = new AbortController();
  if (signal.aborted) {
    controller.abort(signal.reason);
    return controller.signal;
  }
  const onAbort = (): void => {
    clearTimeout(timer);
    controller.abort(signal.reason);
  };
  const timer = setTimeout(() => {
    signal.removeEventListener('abort', onAbort);
    controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
  }, ms);
  timer.unref();
  signal.addEventListener('abort', onAbort, { once: true });
  return controller.signal;
}
