import { auth } from './auth.mjs';
import { cache } from './cache.mjs';
import { concurrency } from './concurrency.mjs';
import { database } from './database.mjs';

/**
 * Small plausible changes to healthy parts of the sample service, by the category of tests that should notice them. A
 * mutant replaces the text `from` of `file` (below `packages/sample-service/src`) by `to`, and what is in `and`; `also`
 * are tests of other categories that are about the part. `equivalent` says why nobody could notice it.
 */
export const PARTS = { auth, cache, database, concurrency };
