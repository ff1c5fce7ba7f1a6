import type { RefusingToxic } from '../toxic.js';

/** Attributes of {@link refuse}. */
export interface RefuseAttributes {
  /** How live connections end: by RST or by FIN. Default `rst`. */
  readonly live?: 'rst' | 'fin';
}

/** The listener is closed, so that connects are really refused, and live connections are ended. Removal listens again on the same port. Throws `TypeError`. */
export function refuse({ live = 'rst' }: RefuseAttributes = {}): RefusingToxic {
  if (live !== 'rst' && live !== 'fin') throw new TypeError(`Cannot refuse connections: current live is ${JSON.stringify(live)}, it must be rst or fin`);
  return {
    type: 'refuse',
    refuses: true,
    attach: (wire) => {
      if (live === 'rst') wire.reset();
      else wire.close();
      return { chunk: (chunk) => wire.drop(chunk) };
    },
  };
}
