import type { SerializedError } from '@chaos/spec';
import { serializeError } from '../data/serialize-error.js';
import type { RetryWhen } from './retry-options.js';

// A test that misuses an API would do so again.
const FINAL_CODES: ReadonlySet<string | undefined> = new Set(['USAGE', 'NOT_AWAITED']);

/** True if no later attempt can clear this failure: wrong data, or a misused API. */
export function isFinal({ invariant, code }: SerializedError): boolean {
  return invariant === true || FINAL_CODES.has(code);
}

/**
 * Applies `retries.when` to the first error of an attempt. If that function fails, the attempt gets its error, too, and
 * is not retried.
 */
export function isRetriable(
  error: unknown,
  when: RetryWhen | undefined,
  { errors }: { readonly errors: SerializedError[] },
): boolean {
  if (!when) return true;
  try {
    return when(
      error instanceof Error ? error : new Error('A value that is not an Error was thrown', { cause: error }),
    );
  } catch (thrown) {
    errors.push(serializeError(thrown));
    return false;
  }
}
