import type { Model } from '../model.js';
import { checkTransactions } from './check-transactions.js';
import { ISOLATION_ALIASES, ISOLATION_LEVELS } from './isolation-level.js';
import { createTransactionChecker } from './stream/transaction-checker.js';

// The name of the workload where no level is named: the level then is the checkers' default.
const BY_WORKLOAD: Readonly<Record<string, readonly string[]>> = { serializable: ['list-append', 'rw-register'] };

/** The rows of the isolation levels. */
export const TRANSACTION_MODELS: readonly Model[] = ISOLATION_LEVELS.map((name) => ({
  name,
  aliases: [
    ...Object.keys(ISOLATION_ALIASES)
      .filter((alias) => ISOLATION_ALIASES[alias] === name)
      .map((alias) => alias.toLowerCase()),
    ...(BY_WORKLOAD[name] ?? []),
  ],
  family: 'transactions',
  summary: `transactions on lists or registers show no anomaly that ${name} forbids`,
  prefixClosed: true,
  check: (history, options) => checkTransactions(history, { ...options, model: name }),
  stream: (options) => createTransactionChecker({ ...options, model: name }),
}));
