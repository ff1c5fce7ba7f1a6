import type { SerializedError } from '@chaos/spec';

/** Question whether to retry a test whose worker was lost with this error; another worker must answer it. */
export interface RetryQuestion {
  readonly file: string;
  readonly declaredId: string;
  readonly project: string;
  readonly error: SerializedError;
}

/** Result of `retries.when`, and its own errors, if any. */
export interface RetryAnswer {
  readonly retriable: boolean;
  readonly errors: readonly SerializedError[];
}
