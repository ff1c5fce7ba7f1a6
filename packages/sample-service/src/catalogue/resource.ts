import type { DefectEntries } from './defect-entry.js';

/** Defects of resources and load. */
export const resource: DefectEntries = {
  'leak-memory': {
    summary: 'memory grows with the number of versions that were ever read',
    load: () => import('../defects/leak-memory.js'),
  },
  'spool-error-ignored': {
    summary: 'with a full disk exports are cut short, and said to be whole',
    load: () => import('../defects/spool-error-ignored.js'),
  },
  'verification-without-deadline': {
    summary: 'requests hang while the thread pool is busy',
    load: () => import('../defects/verification-without-deadline.js'),
  },
  'idempotency-key-ignored': {
    summary: 'a repeated request has its effect again',
    load: () => import('../defects/idempotency-key-ignored.js'),
  },
  'leak-descriptors': {
    summary: 'an export that fails leaves its file open',
    load: () => import('../defects/leak-descriptors.js'),
  },
  'unbounded-queue': {
    summary: 'requests wait for a connection without an end',
    load: () => import('../defects/unbounded-queue.js'),
  },
  'no-load-shedding': {
    summary: 'under overload all requests are slow',
    load: () => import('../defects/no-load-shedding.js'),
  },
  'block-event-loop': {
    summary: 'one request keeps all others waiting',
    load: () => import('../defects/block-event-loop.js'),
  },
  'lease-without-fence': {
    summary: 'a late holder overwrites what came after it',
    load: () => import('../defects/lease-without-fence.js'),
  },
  'newest-first-queue': {
    summary: 'the oldest request waits longest',
    load: () => import('../defects/newest-first-queue.js'),
  },
  'table-without-versions': {
    summary: 'threads read halves of entries',
    load: () => import('../defects/table-without-versions.js'),
  },
  'graphql-without-limit': {
    summary: 'one request runs hundreds of statements',
    load: () => import('../defects/graphql-without-limit.js'),
  },
};
