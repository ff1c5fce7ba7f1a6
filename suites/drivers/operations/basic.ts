import type { CallOptions } from './call-options.js';

/**
 * The operations that most tests need. What they throw says what happened to the call: an `OperationError`, as `http()`
 * throws it.
 *
 * The driver's `seed` makes the keys that tests use: `document-0` to `document-9` for `read` and `write`, `counter-0`
 * for `count` and `increment`, and `account-0` to `account-9`, with at least 1000 each, for `count` and `transfer`.
 */
export interface SuiteOperations {
  /** What was written under a key last. */
  read(key: string, options?: CallOptions): Promise<string>;
  /** Stores a text under a key that is there. */
  write(key: string, value: string, options?: CallOptions): Promise<unknown>;
  /** The value of a counter, or what is in an account. */
  count(key: string, options?: CallOptions): Promise<number>;
  /** Adds 1 to a counter; resolves with its new value, where the service tells it. */
  increment(key: string, options?: CallOptions): Promise<unknown>;
  /** Moves an amount from one account to another, as a whole or not at all. */
  transfer(from: string, to: string, amount: number, options?: CallOptions): Promise<unknown>;
  /** Resolves when the service says that it is well. */
  health(): Promise<unknown>;
}
