import type { MomentaryToxic } from '../toxic.js';

/** Closes (FIN) both sides of all live connections once; new ones pass. Bytes in flight are lost. */
export function hangUp(): MomentaryToxic {
  return {
    type: 'hang_up',
    momentary: true,
    attach: (wire) => {
      wire.close();
      return { chunk: (chunk) => wire.drop(chunk) };
    },
  };
}
