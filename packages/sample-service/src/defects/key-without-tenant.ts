import type { Defect } from '../composition/defect.js';

/** The key of a cached document is its id: two tenants with the same ids see each other's. */
export const defect: Defect = {
  documentKey: ({ id }) => id,
};
