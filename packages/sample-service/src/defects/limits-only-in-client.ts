import type { Defect } from '../composition/defect.js';

/**
 * Gives up statements in the client only, as `query_timeout` of `pg` does: the server knows no limit and goes on
 * waiting for locks and clients that are gone. From bug reports on `node-postgres` behind PgBouncer, where `options`
 * are not allowed.
 */
export const defect: Defect = { serverSettings: () => ({}) };
