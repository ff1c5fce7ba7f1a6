import { UsageError } from '@chaos/spec';

/** A misuse by a test, at the line that called `below`. It would be the same at the next try, so there is none. */
export function misuse(message: string, below: (...args: never[]) => unknown): UsageError {
  const error = new UsageError(message);
  Error.captureStackTrace(error, below);
  return error;
}
