import { auth } from './auth.mjs';
import { cache } from './cache.mjs';
import { concurrency } from './concurrency.mjs';
import { database } from './database.mjs';

/**
 * Small plausible changes to healthy parts of the sample service, by the category of tests that should notice them. A
 * mutant replaces the text `from` of `file` (below `packages/sample-service/src`) by `to`, and what is in `and`; `near`
 * are the tests that are about it, which run first. `equivalent` says why nobody could notice it.
 */
export const PARTS = { auth, cache, database, concurrency };
