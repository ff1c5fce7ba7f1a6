import type { Parts } from '../composition/parts.js';

/** A real bug that the service can be started with: faulty variants of some of its parts. */
export type Defect = Partial<Parts>;

/** What is known of a defect without loading it. */
export interface DefectEntry {
  readonly part: 'auth' | 'cache' | 'database' | 'network' | 'resource';
  /** What goes wrong. */
  readonly summary: string;
  readonly load: () => Promise<{ readonly defect: Defect }>;
}
