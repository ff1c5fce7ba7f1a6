const unhandled = new WeakSet<object>();

const HINT = 'Nobody handled the rejection of this promise: an `await`, or a `catch`, is missing where it was made.';

/** Remembers that this error was the reason of a rejection that nobody handled. */
export function markUnhandled(reason: unknown): void {
  if (typeof reason === 'object' && reason !== null) unhandled.add(reason);
}

/** The hint for such an error; `undefined` for any other. */
export function unhandledHint(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && unhandled.has(error) ? HINT : undefined;
}
