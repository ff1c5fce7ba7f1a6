import { checkRange } from '@chaos/spec';
import { DelayLine } from '../timing/delay-line.js';
import type { Toxic } from '../toxic.js';

/** Attributes of {@link bandwidth}. */
export interface BandwidthAttributes {
  /** 0 lets nothing through until the toxic is removed. */
  readonly bytesPerSecond: number;
}

/** Bytes released at once: a hundredth of a second's worth. */
const PIECE_SECONDS = 0.01;
const SMALLEST_PIECE_BYTES = 16;
const MOST_HELD_BYTES = 4 * 1024 * 1024;

/**
 * Limits the rate of each direction of each connection separately. Bytes leave in pieces of 10 ms, each after its
 * transmission time; little is held (a fifth of a second's worth, at least 64 KiB), so the sender sees backpressure.
 * Removal releases everything at once. Throws `RangeError`.
 */
export function bandwidth({ bytesPerSecond }: BandwidthAttributes): Toxic {
  checkRange('bytesPerSecond', bytesPerSecond, { least: 0, most: Number.MAX_SAFE_INTEGER });
  const piece = Math.max(SMALLEST_PIECE_BYTES, Math.floor(bytesPerSecond * PIECE_SECONDS));
  return {
    type: 'bandwidth',
    heldLimitBytes: Math.min(MOST_HELD_BYTES, Math.max(65_536, bytesPerSecond / 5)),
    attach: (wire) =>
      new DelayLine(wire, {
        bytes: () => piece,
        dueMs: (bytes, arrivedMs, lastDueMs) =>
          Math.max(arrivedMs, lastDueMs) + (bytes === 0 ? 0 : (bytes * 1000) / bytesPerSecond),
      }),
  };
}
