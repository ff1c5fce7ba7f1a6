/** Every way in which a request can fail, and the HTTP status it is answered with. */
export const statusOf = {
  INVALID_INPUT: 400,
  INVALID_TOKEN: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  DUPLICATE_BOOKING: 409,
  IDEMPOTENCY_KEY_REUSED: 409,
  INSUFFICIENT_FUNDS: 422,
  OUT_OF_STOCK: 422,
  UNENCODABLE: 422,
  INTERNAL: 500,
  /** Something that is needed cannot be reached; nothing happened. */
  UNAVAILABLE: 503,
  /** Others were faster, for as long as the request may try; nothing happened. */
  CONTENTION: 503,
  /** Shed: too much is waiting already; nothing happened. */
  OVERLOADED: 503,
  /** Out of time; nothing happened. */
  TIMEOUT: 504,
  /** It may have happened: the answer of the database was lost and could not be found out in time. */
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
