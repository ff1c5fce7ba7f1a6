/** Listeners of the worker for errors that nobody caught. */
export interface UncaughtListeners {
  readonly uncaughtException: (error: unknown) => void;
  readonly unhandledRejection: (reason: unknown, promise: Promise<unknown>) => void;
  readonly rejectionHandled: (promise: Promise<unknown>) => void;
}

let own: UncaughtListeners | undefined;

/** Registers the listeners of this process. */
export function listenToUncaught(listeners: UncaughtListeners): void {
  own = listeners;
  restoreUncaught();
}

/**
 * Registers them again where a test has removed them: it may do so for its own time, to try a handler of its own, but
 * not for the tests that follow.
 */
export function restoreUncaught(): void {
  // Either takes errors before any listener hears of them.
  (process as { readonly domain?: { exit(): void } | null }).domain?.exit();
  if (process.hasUncaughtExceptionCaptureCallback()) releaseCapture();
  for (const [event, listener] of Object.entries(own ?? {}) as readonly (readonly [string, () => void])[])
    if (!process.listeners(event as 'exit').includes(listener)) process.on(event as 'exit', listener);
}

// Where `node:domain` is loaded the callback is its own, and cannot be set.
function releaseCapture(): void {
  try {
    process.setUncaughtExceptionCaptureCallback(null);
  } catch {
    // Its domains have been left.
  }
}
