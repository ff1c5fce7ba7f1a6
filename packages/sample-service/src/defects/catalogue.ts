import type { DefectEntry } from './defect.js';

/** Names of all defects, in order: the values of `DEFECT`. */
export const defectNames = [
  'accept-expired',
  'asynchronous-commit',
  'cache-failure-is-fatal',
  'fail-open-without-keys',
  'idempotency-key-ignored',
  'leak-connection-on-error',
  'leak-descriptors',
  'never-refresh-keys',
  'no-invalidation',
  'no-reconnect',
  'no-retry-on-serialization-failure',
  'no-statement-timeout',
  'read-then-write-balance',
  'stampede',
  'transfer-without-transaction',
  'unknown-commit-reported-as-failure',
] as const;

/** The name of a defect. */
export type DefectName = (typeof defectNames)[number];

/** Catalogue of defects. The faulty parts of a defect are loaded when it is chosen. */
export const catalogue: Readonly<Record<DefectName, DefectEntry>> = {
  'accept-expired': {
    part: 'auth',
    summary: 'tokens are accepted for many minutes past their end',
    load: () => import('./accept-expired.js'),
  },
  'fail-open-without-keys': {
    part: 'auth',
    summary: 'tokens are believed unverified while the issuer is down',
    load: () => import('./fail-open-without-keys.js'),
  },
  'never-refresh-keys': {
    part: 'auth',
    summary: 'new keys are refused and withdrawn ones accepted for ever',
    load: () => import('./never-refresh-keys.js'),
  },
  'cache-failure-is-fatal': {
    part: 'cache',
    summary: 'requests fail while Redis is down',
    load: () => import('./cache-failure-is-fatal.js'),
  },
  'no-invalidation': {
    part: 'cache',
    summary: 'reads return what was before an acknowledged write',
    load: () => import('./no-invalidation.js'),
  },
  stampede: { part: 'cache', summary: 'every miss loads the document for itself', load: () => import('./stampede.js') },
  'asynchronous-commit': {
    part: 'database',
    summary: 'what was acknowledged a moment ago is lost in a crash',
    load: () => import('./asynchronous-commit.js'),
  },
  'leak-connection-on-error': {
    part: 'database',
    summary: 'a transaction that fails keeps its connection',
    load: () => import('./leak-connection-on-error.js'),
  },
  'no-retry-on-serialization-failure': {
    part: 'database',
    summary: 'conflicts that a second attempt would solve reach the client',
    load: () => import('./no-retry-on-serialization-failure.js'),
  },
  'no-statement-timeout': {
    part: 'database',
    summary: 'statements that were given up go on in the server',
    load: () => import('./no-statement-timeout.js'),
  },
  'read-then-write-balance': {
    part: 'database',
    summary: 'concurrent changes of one figure overwrite each other',
    load: () => import('./read-then-write-balance.js'),
  },
  'transfer-without-transaction': {
    part: 'database',
    summary: 'money is nowhere between its two bookings',
    load: () => import('./transfer-without-transaction.js'),
  },
  'no-reconnect': {
    part: 'network',
    summary: 'after one lost connection the database is never asked again',
    load: () => import('./no-reconnect.js'),
  },
  'unknown-commit-reported-as-failure': {
    part: 'network',
    summary: 'a transfer that happened is reported as failed',
    load: () => import('./unknown-commit-reported-as-failure.js'),
  },
  'idempotency-key-ignored': {
    part: 'resource',
    summary: 'a repeated request has its effect again',
    load: () => import('./idempotency-key-ignored.js'),
  },
  'leak-descriptors': {
    part: 'resource',
    summary: 'an export that fails leaves its file open',
    load: () => import('./leak-descriptors.js'),
  },
};

/** True if a defect has this name. */
export function isDefectName(name: string): name is DefectName {
  return Object.hasOwn(catalogue, name);
}
