import { checkMilliseconds } from '@chaos/spec';
import { DelayLine } from '../timing/delay-line.js';
import type { Toxic } from '../toxic.js';

/** Attributes of {@link slowClose}. */
export interface SlowCloseAttributes {
  readonly delayMs: number;
}

/** Delays the end of the stream (FIN); bytes and resets pass at once. Throws `RangeError`. */
export function slowClose({ delayMs }: SlowCloseAttributes): Toxic {
  checkMilliseconds('delayMs', delayMs);
  return {
    type: 'slow_close',
    attach: (wire) => {
      const line = new DelayLine(wire, { dueMs: (bytes, arrivedMs) => arrivedMs + (bytes === 0 ? delayMs : 0) });
      return {
        chunk: (chunk) => line.chunk(chunk),
        end: () => line.end(),
        flush: () => line.flush(),
        discard: () => line.discard(),
      };
    },
  };
}
