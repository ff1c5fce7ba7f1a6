import type { MomentaryToxic } from '../toxic.js';

/** Resets (RST) both sides of all live connections once; new ones pass. */
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
