import { checkRange } from '@chaos/spec';
import type { DatagramToxic } from '../toxic.js';

/** Attributes of {@link duplicate}. */
export interface DuplicateAttributes {
  /** Share of datagrams, 0 to 1. */
  readonly ratio: number;
}

/** Sends datagrams of a UDP proxy twice. Throws `RangeError`. */
export function duplicate({ ratio }: DuplicateAttributes): DatagramToxic {
  checkRange('ratio', ratio, { least: 0, most: 1 });
  return {
    type: 'duplicate',
    datagramsOnly: true,
    attach: ({ random, forward }) => ({
      chunk(chunk) {
        forward(chunk);
        if (random.next() < ratio) forward(chunk);
      },
    }),
  };
}
