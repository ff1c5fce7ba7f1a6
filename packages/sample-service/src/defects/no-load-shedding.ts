import type { Defect } from '../composition/defect.js';

/** Takes every request on: under overload all of them are slow, instead of some refused. */
export const defect: Defect = { requestLimit: () => Number.POSITIVE_INFINITY };
