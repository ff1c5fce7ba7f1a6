import type { History } from '../history.js';
import { checkListAppend } from './list-append/check-list-append.js';
import { checkRwRegister } from './rw-register/check-rw-register.js';
import type { CheckTransactionsOptions, TransactionVerdict } from './transaction-verdict.js';

/**
 * Checks transactions on lists or on registers, whichever the history has: the first write, or the first read that
 * returned something, tells. See {@link checkListAppend} and {@link checkRwRegister}.
 */
export function checkTransactions(history: History, options: CheckTransactionsOptions = {}): TransactionVerdict {
  return (isOnRegisters(history) ? checkRwRegister : checkListAppend)(history, options);
}

function isOnRegisters({ operations }: History): boolean {
  for (const { f, value } of operations) {
    if (f !== 'txn' || !Array.isArray(value)) continue;
    for (const step of value as readonly unknown[]) {
      const [name, , result] = Array.isArray(step) ? (step as readonly unknown[]) : [];
      if (name === 'w' || name === ':w') return true;
      if (name === 'append' || name === ':append' || Array.isArray(result)) return false;
      // A read of a single value.
      if ((name === 'r' || name === ':r') && result !== null && result !== undefined) return true;
    }
  }
  return false;
}
