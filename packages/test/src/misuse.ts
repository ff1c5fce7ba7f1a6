import { UsageError, type ChaosErrorOptions } from '@chaos/spec';

/** A misuse by a test, at the line that called `below`. It would be the same at the next try, so there is none. */
export function misuse(message: string, below: (...args: never[]) => unknown, options?: ChaosErrorOptions): UsageError {
  const error = new UsageError(message, options);
  Error.captureStackTrace(error, below);
  return error;
}
