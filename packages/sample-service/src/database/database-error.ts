import { ServiceError } from '../service-error.js';

/** Consequence of a failed statement for its transaction. */
export type DatabaseErrorKind =
  /** 40001: a concurrent transaction won; the whole transaction may be retried. */
  | 'serialization'
  /** 40P01: chosen to end a deadlock; the whole transaction may be retried. */
  | 'deadlock'
  /** The server ended the statement because it took too long or waited too long for a lock. */
  | 'timeout'
  /** The server takes no writes: it is a standby, or was told so. */
  | 'readOnly'
  /** The server has no disk space, memory or connections left. */
  | 'exhausted'
  /** A constraint was violated, or a value does not fit. */
  | 'refused'
  /** The server sent another error, or the error does not come from the database. */
  | 'other'
  /** No answer: connection lost, or too slow. The statement may or may not have run. */
  | 'lost';

/** Classifies an error that a statement rejected with. */
export function kindOf(error: unknown): DatabaseErrorKind {
  if (error instanceof ServiceError || error instanceof TypeError || error instanceof RangeError) return 'other';
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  // Only answers of the server have a severity; after FATAL and PANIC the session is gone.
  if (
    typeof code !== 'string' ||
    severity === undefined ||
    severity === 'FATAL' ||
    severity === 'PANIC' ||
    code === '40003'
  )
    return 'lost';
  if (code === '40001') return 'serialization';
  if (code === '40P01') return 'deadlock';
  if (code === '25006') return 'readOnly';
  if (code.startsWith('53')) return 'exhausted';
  if (code === '57014' || code === '55P03') return 'timeout';
  return code.startsWith('22') || code.startsWith('23') ? 'refused' : 'other';
}

/**
 * Error for the client. Only for statements that had no effect: unknown outcomes were mapped to `UNKNOWN_OUTCOME`
 * before.
 */
export function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  switch (kindOf(error)) {
    case 'serialization':
    case 'deadlock':
      return new ServiceError('CONTENTION', 'Others changed the same data; nothing happened', { cause: error });
    case 'timeout':
      return new ServiceError('TIMEOUT', 'The database took too long; nothing happened', { cause: error });
    case 'readOnly':
      return new ServiceError('READ_ONLY', 'The database takes no writes; nothing happened', { cause: error });
    case 'exhausted':
      return new ServiceError('UNAVAILABLE', 'The database is out of resources; nothing happened', { cause: error });
    case 'refused':
      return new ServiceError('CONFLICT', 'The data does not allow it; nothing happened', { cause: error });
    case 'lost':
      return new ServiceError('UNAVAILABLE', 'The connection to the database was lost; nothing happened', {
        cause: error,
      });
    case 'other':
      return new ServiceError('INTERNAL', 'The database refused a statement', { cause: error });
  }
}

/** The answer to a COMMIT, or to a statement that is its own transaction, was lost. */
export function unknownOutcome(cause: unknown): ServiceError {
  return new ServiceError('UNKNOWN_OUTCOME', 'The answer of the database was lost: it may have happened', { cause });
}
