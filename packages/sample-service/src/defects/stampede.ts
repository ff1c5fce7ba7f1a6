import type { Defect } from './defect.js';

/** Nobody waits for anybody: as many as miss at the same time, as many load. */
export const defect: Defect = {
  singleFlight: () => ({ run: (_key, load) => load(), forget() {} }),
};
