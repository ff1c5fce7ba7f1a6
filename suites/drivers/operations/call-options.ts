/** Options that the suites pass to operations, as their last argument. */
export interface CallOptions {
  /** The bearer token of this call instead of the driver's own; `''`: none. */
  readonly token?: string;
  /** However often the operation is called with this key, it happens once (`Idempotency-Key`). */
  readonly key?: string;
  /** Time for a whole answer, ms. Default: the driver's. */
  readonly timeoutMs?: number;
}
