import { closeNameless, openNameless, spoolFile } from '../domain/spool.js';
import type { Defect } from './defect.js';

/** The file is closed after the work, not whatever happens to it. */
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
