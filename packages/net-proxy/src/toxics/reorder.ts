import { checkRange, checkMilliseconds } from '@chaos/spec';
import type { Chunk, DatagramToxic } from '../toxic.js';

/** Attributes of {@link reorder}. */
export interface ReorderAttributes {
  /** Share of datagrams that are held back, 0 to 1. */
  readonly ratio: number;
  /** Time that they are held, ms, while later datagrams pass them. */
  readonly delayMs: number;
}

/** Reorders datagrams of a UDP proxy: holds some back while later ones pass. Throws `RangeError`. */
export function reorder({ ratio, delayMs }: ReorderAttributes): DatagramToxic {
  checkRange('ratio', ratio, { least: 0, most: 1 });
  checkMilliseconds('delayMs', delayMs);
  return {
    type: 'reorder',
    datagramsOnly: true,
    attach({ random, forward, at }) {
      const held = new Map<Chunk, () => void>();
      const stop = (): void => {
        for (const cancel of held.values()) cancel();
        held.clear();
      };
      return {
        chunk(chunk) {
          if (random.next() >= ratio) return forward(chunk);
          const dueMs = chunk.arrivedMs + delayMs;
          held.set(
            chunk,
            at(dueMs, () => {
              held.delete(chunk);
              forward({ data: chunk.data, arrivedMs: dueMs });
            }),
          );
        },
        flush() {
          const late = [...held.keys()];
          stop();
          for (const chunk of late) forward(chunk);
        },
        discard: stop,
      };
    },
  };
}
