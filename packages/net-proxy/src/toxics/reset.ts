import type { MomentaryToxic } from '../toxic.js';

/** Resets (RST) both sides of the connections there are, once; new ones are let through. */
export function reset(): MomentaryToxic {
  return {
    type: 'reset',
    momentary: true,
    attach: (wire) => {
      wire.reset();
      return { chunk: (chunk) => wire.drop(chunk) };
    },
  };
}
