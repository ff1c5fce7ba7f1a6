import type { Defect } from '../composition/defect.js';

/** Shares no loads: every concurrent miss loads for itself. */
export const defect: Defect = {
  singleFlight: () => ({ run: (_key, load) => load(), forget() {} }),
};
