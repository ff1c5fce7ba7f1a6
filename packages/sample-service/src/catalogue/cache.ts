import type { DefectEntries } from './defect-entry.js';

/** Defects of the cache. */
export const cache: DefectEntries = {
  'cache-before-database': {
    summary: 'what the database refused is read all the same',
    load: () => import('../defects/cache-before-database.js'),
  },
  'cache-error-reply-is-fatal': {
    summary: 'requests fail while Redis answers with errors',
    load: () => import('../defects/cache-error-reply-is-fatal.js'),
  },
  'cache-failure-is-fatal': {
    summary: 'requests fail while Redis is down',
    load: () => import('../defects/cache-failure-is-fatal.js'),
  },
  'expiry-by-own-clock': {
    summary: 'nothing is cached while the clock of Redis is ahead',
    load: () => import('../defects/expiry-by-own-clock.js'),
  },
  'fill-after-invalidation': {
    summary: 'an old value comes back after a write',
    load: () => import('../defects/fill-after-invalidation.js'),
  },
  'invalidate-before-commit': {
    summary: 'an old value is cached while its successor is written',
    load: () => import('../defects/invalidate-before-commit.js'),
  },
  'key-without-tenant': {
    summary: "tenants see each other's documents",
    load: () => import('../defects/key-without-tenant.js'),
  },
  'no-invalidation': {
    summary: 'reads return what was before an acknowledged write',
    load: () => import('../defects/no-invalidation.js'),
  },
  'no-invalidation-while-redis-is-down': {
    summary: 'what was written during an outage is forgotten after it',
    load: () => import('../defects/no-invalidation-while-redis-is-down.js'),
  },
  'no-redis-timeout': {
    summary: 'requests hang with Redis',
    load: () => import('../defects/no-redis-timeout.js'),
  },
  'no-ttl': {
    summary: 'cached documents never expire',
    load: () => import('../defects/no-ttl.js'),
  },
  'not-found-cached-forever': {
    summary: 'what others create is never found',
    load: () => import('../defects/not-found-cached-forever.js'),
  },
  'redis-reconnect-without-backoff': {
    summary: 'connections to a broken Redis are made without a pause',
    load: () => import('../defects/redis-reconnect-without-backoff.js'),
  },
  stampede: {
    summary: 'every miss loads the document for itself',
    load: () => import('../defects/stampede.js'),
  },
  'trust-cached-bytes': {
    summary: 'whatever lies in the cache is served',
    load: () => import('../defects/trust-cached-bytes.js'),
  },
};
