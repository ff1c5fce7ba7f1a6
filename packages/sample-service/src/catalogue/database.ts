import type { DefectEntries } from './defect-entry.js';

/** Defects of the use of PostgreSQL. */
export const database: DefectEntries = {
  'asynchronous-commit': {
    summary: 'what was acknowledged a moment ago is lost in a crash',
    load: () => import('../defects/asynchronous-commit.js'),
  },
  'leak-connection-on-error': {
    summary: 'a transaction that fails keeps its connection',
    load: () => import('../defects/leak-connection-on-error.js'),
  },
  'no-retry-on-serialization-failure': {
    summary: 'conflicts that a second attempt would solve reach the client',
    load: () => import('../defects/no-retry-on-serialization-failure.js'),
  },
  'no-statement-timeout': {
    summary: 'statements that were given up go on in the server',
    load: () => import('../defects/no-statement-timeout.js'),
  },
  'read-then-write-balance': {
    summary: 'concurrent changes of one figure overwrite each other',
    load: () => import('../defects/read-then-write-balance.js'),
  },
  'transfer-without-transaction': {
    summary: 'money is nowhere between its two bookings',
    load: () => import('../defects/transfer-without-transaction.js'),
  },
  'write-behind-counters': {
    summary: 'acknowledged increments are lost in a restart',
    load: () => import('../defects/write-behind-counters.js'),
  },
  'no-rollback-on-error': {
    summary: 'a failed transaction goes on in the next request',
    load: () => import('../defects/no-rollback-on-error.js'),
  },
  'retry-not-idempotent': {
    summary: 'a COMMIT whose answer was lost has its effect twice',
    load: () => import('../defects/retry-not-idempotent.js'),
  },
  'key-outside-transaction': {
    summary: 'a key is not known while its order is under way',
    load: () => import('../defects/key-outside-transaction.js'),
  },
  'lock-order-by-argument': {
    summary: 'opposite transfers end in deadlocks',
    load: () => import('../defects/lock-order-by-argument.js'),
  },
  'no-retry-on-deadlock': {
    summary: 'victims of deadlocks are refused',
    load: () => import('../defects/no-retry-on-deadlock.js'),
  },
  'retry-without-backoff': {
    summary: 'conflicts are tried again at once',
    load: () => import('../defects/retry-without-backoff.js'),
  },
  'limits-only-in-client': {
    summary: 'statements and clients that are gone keep their locks in the server',
    load: () => import('../defects/limits-only-in-client.js'),
  },
  'commit-errors-ignored': {
    summary: 'a transaction that was rolled back is acknowledged',
    load: () => import('../defects/commit-errors-ignored.js'),
  },
  'check-then-insert': {
    summary: 'a unique name is given to two',
    load: () => import('../defects/check-then-insert.js'),
  },
  'check-outside-transaction': {
    summary: 'more is sold than there is',
    load: () => import('../defects/check-outside-transaction.js'),
  },
  'range-checked-at-read-committed': {
    summary: 'two who look at the same time both pass the check',
    load: () => import('../defects/range-checked-at-read-committed.js'),
  },
  'session-lock-on-pool': {
    summary: 'a lock stays taken after its work',
    load: () => import('../defects/session-lock-on-pool.js'),
  },
  'savepoint-kept-after-error': {
    summary: 'half of a refused order stays',
    load: () => import('../defects/savepoint-kept-after-error.js'),
  },
  'optimistic-counter': {
    summary: 'many who change one figure get less done than one',
    load: () => import('../defects/optimistic-counter.js'),
  },
};
