import { ChaosError, type ChaosErrorOptions } from './errors.js';

/**
 * Outcome of an operation:
 * - `ok` it happened; `wrong` it answered, but with an answer that must not be;
 * - `rejected` the service decided against it (a domain error, such as 401, 404, 409, 422): it did not happen;
 * - `unavailable` the service could not do it (5xx, refused connection): it did not happen;
 * - `timeout` no answer came in time, and `unknown` the connection or the service was lost after sending: it may have
 * happened, now or later.
 * These are Jepsen's ok, fail (rejected, unavailable) and info (timeout, unknown), split by reason.
 */
export type Outcome = 'ok' | 'wrong' | 'rejected' | 'unavailable' | 'timeout' | 'unknown';

/** An operation of the target that did not end `ok`. Code `OPERATION`. */
export class OperationError extends ChaosError {
  /** How the operation ended. */
  readonly outcome: Exclude<Outcome, 'ok' | 'wrong'>;

  constructor(outcome: Exclude<Outcome, 'ok' | 'wrong'>, message: string, options: ChaosErrorOptions = {}) {
    super('OPERATION', message, { ...options, data: { ...options.data, outcome } });
    this.name = 'OperationError';
    this.outcome = outcome;
  }
}

const OUTCOMES: ReadonlySet<unknown> = new Set(['rejected', 'unavailable', 'timeout', 'unknown']);

/** The outcome that a thrown value stands for; `unknown` for values that carry none. */
export function outcomeOf(error: unknown): Exclude<Outcome, 'ok' | 'wrong'> {
  if (typeof error !== 'object' || error === null) return 'unknown';
  const { outcome, name, code, cause } = error as {
    outcome?: unknown;
    name?: unknown;
    code?: unknown;
    cause?: { code?: unknown };
  };
  if (OUTCOMES.has(outcome)) return outcome as OperationError['outcome'];
  if (name === 'TimeoutError' || name === 'AbortError') return 'timeout';
  // fetch() says only "fetch failed"; the reason is in its cause.
  return (code ?? cause?.code) === 'ECONNREFUSED' ? 'unavailable' : 'unknown';
}
