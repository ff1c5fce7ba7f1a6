import { createRandom } from '@chaos/stats';
import type { WorkloadOptions } from './workload.js';

/** A transfer between two accounts. */
export interface Transfer {
  readonly from: number;
  readonly to: number;
  readonly amount: number;
}

/** Options of the generator of transfers. */
export interface BankWorkloadOptions extends WorkloadOptions {
  /** Default 8. */
  readonly accounts?: number;
  /** Balance of each account at first. Default 100. */
  readonly balance?: number;
  /** The largest transfer. Default 5. */
  readonly maxAmount?: number;
  /** Share of reads of all accounts, 0 to 1. Default 0.5. */
  readonly readRatio?: number;
}

/** Options of a bank, with what follows from them. */
export interface Bank {
  readonly accounts: readonly number[];
  readonly balance: number;
  readonly total: number;
  /** The next operation; `null`: read all accounts. */
  next(): Transfer | null;
}

/** The operations of a bank. */
export function bankGenerator({
  seed,
  accounts: count = 8,
  balance = 100,
  maxAmount = 5,
  readRatio = 0.5,
}: BankWorkloadOptions): Bank {
  if (!Number.isSafeInteger(count) || count < 2)
    throw new RangeError(`Cannot make up a bank: current accounts are ${count}, must be a whole number from 2`);
  const random = createRandom(seed, 'bank');
  return {
    accounts: Array.from({ length: count }, (_, account) => account),
    balance,
    total: count * balance,
    next() {
      if (random.next() < readRatio) return null;
      const from = random.integer(0, count - 1);
      return { from, to: (from + random.integer(1, count - 1)) % count, amount: random.integer(1, maxAmount) };
    },
  };
}
