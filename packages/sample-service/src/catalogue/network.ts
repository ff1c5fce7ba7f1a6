import type { DefectEntries } from './defect-entry.js';

/** Defects of connections. */
export const network: DefectEntries = {
  'no-connect-timeout': {
    summary: 'a connection that is never made holds a request for ever',
    load: () => import('../defects/no-connect-timeout.js'),
  },
  'no-answer-timeout': {
    summary: 'an answer that never comes is waited for, long after the client has gone',
    load: () => import('../defects/no-answer-timeout.js'),
  },
  'one-connection-at-a-time': {
    summary: 'requests wait for each other’s round trips',
    load: () => import('../defects/one-connection-at-a-time.js'),
  },
  'pool-without-error-listener': {
    summary: 'the loss of an idle connection ends the process',
    load: () => import('../defects/pool-without-error-listener.js'),
  },
  'reconnect-without-backoff': {
    summary: 'while the database is down each request asks for it thousands of times',
    load: () => import('../defects/reconnect-without-backoff.js'),
  },
  'retry-without-jitter': {
    summary: 'after an outage everybody comes back in the same moments',
    load: () => import('../defects/retry-without-jitter.js'),
  },
  'reuse-broken-connection': {
    summary: 'a connection whose answer was late is used again, in the middle of its transaction',
    load: () => import('../defects/reuse-broken-connection.js'),
  },
  'no-reconnect': {
    summary: 'after one lost connection the database is never asked again',
    load: () => import('../defects/no-reconnect.js'),
  },
  'unknown-commit-reported-as-failure': {
    summary: 'a transfer that happened is reported as failed',
    load: () => import('../defects/unknown-commit-reported-as-failure.js'),
  },
};
