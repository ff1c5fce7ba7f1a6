import type { MomentaryToxic } from '../toxic.js';

/** Closes (FIN) both sides of the connections there are, once; new ones are let through. What was under way is lost. */
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
