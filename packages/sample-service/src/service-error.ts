/** All ways in which a request can fail, with their HTTP status. */
export const statusOf = {
  INVALID_INPUT: 400,
  INVALID_TOKEN: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  DUPLICATE_BOOKING: 409,
  IDEMPOTENCY_KEY_REUSED: 409,
  LAST_ON_DUTY: 409,
  OCCUPIED: 409,
  /** Another is doing the same right now. */
  BUSY: 409,
  /** Whoever came later was faster; nothing happened. */
  FENCED: 409,
  INSUFFICIENT_FUNDS: 422,
  OUT_OF_STOCK: 422,
  UNENCODABLE: 422,
  INTERNAL: 500,
  /** A dependency cannot be reached; nothing happened. */
  UNAVAILABLE: 503,
  /** The database takes no writes at the moment; nothing happened. */
  READ_ONLY: 503,
  /** Concurrent requests won for as long as this one could retry; nothing happened. */
  CONTENTION: 503,
  /** Shed: too many requests wait already; nothing happened. */
  OVERLOADED: 503,
  /** Out of time; nothing happened. */
  TIMEOUT: 504,
  /** It may have happened: the answer of the database was lost, and the outcome could not be found out in time. */
  UNKNOWN_OUTCOME: 504,
} as const;

/** One of the codes that an error answer carries. */
export type ErrorCode = keyof typeof statusOf;

/** A failure that the client is told about, as `{ error: { code, message } }`. */
export class ServiceError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.name = 'ServiceError';
    this.code = code;
  }

  get status(): number {
    return statusOf[this.code];
  }
}
