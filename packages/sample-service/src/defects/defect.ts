import type { Parts } from '../composition/parts.js';

/** A real bug that the service can be started with: faulty versions of some of its parts. */
export type Defect = Partial<Parts>;

/** Description of a defect, available without loading it. */
export interface DefectEntry {
  readonly part: 'auth' | 'cache' | 'database' | 'network' | 'resource';
  /** Symptom of the defect. */
  readonly summary: string;
  readonly load: () => Promise<{ readonly defect: Defect }>;
}
