import type { SerializedError } from '@chaos/spec';
import type { RetryWhen } from '../declare/retry-options.js';
import { serializeError } from '../serialize-error.js';

/**
 * Applies `retries.when` to the first error of an attempt. If that function fails, the attempt gets its error, too, and
 * is not retried.
 */
export function isRetried(
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
