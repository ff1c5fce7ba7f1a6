import { closeNameless, openNameless, spoolFile } from '../domain/exports/spool.js';
import type { Defect } from '../composition/defect.js';

/** Closes the file after the work, but not when the work throws. */
export const defect: Defect = {
  spool: {
    async use(work) {
      const descriptor = await openNameless();
      const result = await work(spoolFile(descriptor));
      await closeNameless(descriptor);
      return result;
    },
  },
};
