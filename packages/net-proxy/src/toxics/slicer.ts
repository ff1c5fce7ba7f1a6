import { checkRange, checkMilliseconds } from '@chaos/spec';
import { DelayLine } from '../timing/delay-line.js';
import type { Toxic } from '../toxic.js';

/** Attributes of {@link slicer}. */
export interface SlicerAttributes {
  /** At least 1. */
  readonly averageBytes: number;
  /** Each slice is longer or shorter by up to this. Default 0. */
  readonly variationBytes?: number;
  /** Pause between two slices, ms; fractions allowed. Default 0. */
  readonly delayMs?: number;
}

/** Bytes it may hold; a low limit, because small slices drain slowly. */
const HELD_BYTES = 64 * 1024;

/**
 * Cuts data into small pieces that are written one by one. Finds readers that take one chunk for one message. Throws
 * `RangeError`.
 */
export function slicer({ averageBytes, variationBytes = 0, delayMs = 0 }: SlicerAttributes): Toxic {
  checkRange('averageBytes', averageBytes, { least: 1, most: Number.MAX_SAFE_INTEGER, whole: true });
  checkRange('variationBytes', variationBytes, { least: 0, most: Number.MAX_SAFE_INTEGER, whole: true });
  checkMilliseconds('delayMs', delayMs);
  return {
    type: 'slicer',
    heldLimitBytes: HELD_BYTES,
    attach: (wire) =>
      new DelayLine(wire, {
        bytes: () =>
          Math.max(
            1,
            averageBytes + (variationBytes === 0 ? 0 : Math.round((wire.random.next() * 2 - 1) * variationBytes)),
          ),
        dueMs: (bytes, arrivedMs, lastDueMs) => Math.max(arrivedMs, lastDueMs + (bytes === 0 ? 0 : delayMs)),
      }),
  };
}
