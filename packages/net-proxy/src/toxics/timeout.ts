import { checkMilliseconds } from '@chaos/spec';
import type { Toxic } from '../toxic.js';

/** Attributes of {@link timeout}. */
export interface TimeoutAttributes {
  /** Counted from when the connection was opened, or the toxic added. 0: never closes. */
  readonly timeoutMs: number;
}

/**
 * Lets nothing pass, and closes (FIN) the connection after a while, even if data keeps coming. On removal, connections
 * that lost data are reset, because their stream has a hole; the others stay open. Throws `RangeError`.
 */
export function timeout({ timeoutMs }: TimeoutAttributes): Toxic {
  checkMilliseconds('timeoutMs', timeoutMs);
  return {
    type: 'timeout',
    attach: (wire) => {
      const cancel = wire.at(timeoutMs === 0 ? Infinity : performance.now() + timeoutMs, () => wire.close());
      return { chunk: (chunk) => wire.drop(chunk), end: () => wire.drop(), abort: () => wire.drop(), discard: cancel };
    },
  };
}
