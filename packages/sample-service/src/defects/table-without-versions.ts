import { createDigests } from '../digests/digests.js';
import type { Defect } from '../composition/defect.js';

/** Threads write and read the entries of their common table without a version: half of one is mixed with another. */
export const defect: Defect = {
  digests: () => createDigests(new URL('./digests-without-versions.js', import.meta.url)),
};
