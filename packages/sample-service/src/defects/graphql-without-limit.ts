import type { Defect } from '../composition/defect.js';

/**
 * Any number of fields in one request: aliases multiply statements. From reports on GraphQL servers with a depth limit
 * only.
 */
export const defect: Defect = { graphqlFields: Number.POSITIVE_INFINITY };
