import type { RefusingToxic } from '../toxic.js';

/** The listener is closed, so that connects are really refused, and live connections are reset. Removal listens again on the same port. */
export function refuse(): RefusingToxic {
  return {
    type: 'refuse',
    refuses: true,
    attach: (wire) => {
      wire.reset();
      return { chunk: (chunk) => wire.drop(chunk) };
    },
  };
}
