import { checkRange } from '@chaos/spec';
import type { Toxic } from '../toxic.js';

/** Attributes of {@link corrupt}. */
export interface CorruptAttributes {
  /** Share of bytes of which one bit is flipped, 0 to 1. */
  readonly byteRatio: number;
}

/**
 * Flips one random bit in a random share of the bytes. TCP checksums do not see it: the proxy computes new ones. Throws
 * `RangeError`.
 */
export function corrupt({ byteRatio }: CorruptAttributes): Toxic {
  checkRange('byteRatio', byteRatio, { least: 0, most: 1 });
  return {
    type: 'corrupt',
    attach: ({ random, forward }) => {
      // Bytes to the next wrong one, so that what is hit depends on the seed and the place in the stream, not on how it
      // was cut into chunks.
      const gap = (): number =>
        byteRatio === 0
          ? Infinity
          : byteRatio === 1
            ? 0
            : Math.floor(Math.log(1 - random.next()) / Math.log1p(-byteRatio));
      let next = gap();
      return {
        chunk({ data, arrivedMs }) {
          if (next >= data.length) {
            next -= data.length;
            return forward({ data, arrivedMs });
          }
          const wrong = Buffer.from(data);
          for (; next < wrong.length; next += 1 + gap())
            wrong.writeUInt8((wrong[next] as number) ^ (1 << random.integer(0, 7)), next);
          next -= wrong.length;
          forward({ data: wrong, arrivedMs });
        },
      };
    },
  };
}
