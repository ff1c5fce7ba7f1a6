import { ServiceError } from '../service-error.js';

/** What an error of a statement means for the work it belongs to. */
export type DatabaseErrorKind =
  /** 40001: others were faster; the whole transaction may be tried again. */
  | 'serialization'
  /** 40P01: chosen to end a deadlock; the whole transaction may be tried again. */
  | 'deadlock'
  /** The server ended the statement because it took too long or waited too long for a lock. */
  | 'timeout'
  /** A constraint does not allow it, or a value does not fit. */
  | 'refused'
  /** The server answered with another error, or the error is none of the database's. */
  | 'other'
  /** No answer: connection lost, or too slow. Nobody knows how far the statement got. */
  | 'lost';

/** Sorts an error that a statement rejected with. */
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
  if (code === '57014' || code === '55P03') return 'timeout';
  return code.startsWith('22') || code.startsWith('23') ? 'refused' : 'other';
}

/**
 * The error that a client is told. A statement that was lost did not happen: what was uncertain is an `UNKNOWN_OUTCOME`
 * before this.
 */
export function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  switch (kindOf(error)) {
    case 'serialization':
    case 'deadlock':
      return new ServiceError('CONTENTION', 'Others changed the same data; nothing happened', { cause: error });
    case 'timeout':
      return new ServiceError('TIMEOUT', 'The database took too long; nothing happened', { cause: error });
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
