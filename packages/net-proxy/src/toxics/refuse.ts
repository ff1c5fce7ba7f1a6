import type { RefusingToxic } from '../toxic.js';

/** Attributes of {@link refuse}. */
export interface RefuseAttributes {
  /** Treatment of live connections: RST, FIN, or keep them. Default `rst`. */
  readonly live?: 'rst' | 'fin' | 'keep';
}

/**
 * Closes the listener, so that connects are really refused, and ends live connections unless they are kept. Removal
 * listens again on the same port. Throws `TypeError`.
 */
export function refuse({ live = 'rst' }: RefuseAttributes = {}): RefusingToxic {
  if (live !== 'rst' && live !== 'fin' && live !== 'keep')
    throw new TypeError(
      `Cannot refuse connections: current live is ${JSON.stringify(live)}, it must be rst, fin or keep`,
    );
  return {
    type: 'refuse',
    refuses: true,
    attach: (wire) => {
      if (live === 'keep') return { chunk: (chunk) => wire.forward(chunk) };
      if (live === 'rst') wire.reset();
      else wire.close();
      return { chunk: (chunk) => wire.drop(chunk) };
    },
  };
}
