import type { Defect } from '../composition/defect.js';

/** Description of a defect, available without loading it. */
export interface DefectEntry {
  /** Symptom of the defect. */
  readonly summary: string;
  /** Loads its faulty parts. */
  readonly load: () => Promise<{ readonly defect: Defect }>;
}

/** Defects of one part by name; each is the file of that name in `src/defects`. */
export type DefectEntries = Readonly<Record<string, DefectEntry>>;
