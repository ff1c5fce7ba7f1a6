import type { Defect } from '../composition/defect.js';
import { spool } from '../domain/exports/spool.js';

/**
 * Logs a failed write to the temporary file and goes on, so that a full disk makes exports shorter. Kind of the source:
 * post-mortems of backups and exports that were found empty when they were needed.
 */
export const defect: Defect = {
  spool: {
    use: (work) => spool.use((file) => work({ ...file, write: (bytes) => file.write(bytes).catch(() => {}) })),
  },
};
