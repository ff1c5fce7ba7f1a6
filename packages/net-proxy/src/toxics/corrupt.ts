import { checkRange } from '@chaos/spec';
import type { Toxic } from '../toxic.js';

/** Attributes of {@link corrupt}. */
export interface CorruptAttributes {
  /** Ratio of bytes that get one bit flipped, 0 to 1. */
  readonly byteRatio: number;
}

/**
 * Corrupts a random share of the bytes: flips one random bit in each. TCP checksums do not detect it: the proxy's
 * kernel computes new ones. Throws `RangeError`.
 */
export function corrupt({ byteRatio }: CorruptAttributes): Toxic {
  checkRange('byteRatio', byteRatio, { least: 0, most: 1 });
  return {
    type: 'corrupt',
    attach: ({ random, forward }) => {
      // Bytes until the next corrupted one. So the result depends on the seed and the position in the stream, not on
      // the boundaries of chunks.
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
