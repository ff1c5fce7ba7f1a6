import type { CallOptions } from './call-options.js';

/** All accounts at once. */
export interface AccountOperations {
  /** What is in every account. */
  balances(options?: CallOptions): Promise<Record<string, number>>;
  /** The sum over all accounts, read at one moment. */
  total(options?: CallOptions): Promise<number>;
}
