import type { Parts } from './parts.js';

/** A real bug that the service can be started with: faulty versions of some of its parts. */
export type Defect = Partial<Parts>;
