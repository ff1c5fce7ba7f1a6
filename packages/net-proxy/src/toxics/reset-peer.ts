import { checkMilliseconds } from '@chaos/spec';
import type { Toxic } from '../toxic.js';

/** Attributes of {@link resetPeer}. */
export interface ResetPeerAttributes {
  /** Counted from when the connection was opened, or the toxic added. Default 0: at once. */
  readonly timeoutMs?: number;
}

/**
 * Resets (RST) both sides of every connection, live or new, after a delay in which nothing passes. Throws `RangeError`.
 */
export function resetPeer({ timeoutMs = 0 }: ResetPeerAttributes = {}): Toxic {
  checkMilliseconds('timeoutMs', timeoutMs);
  return {
    type: 'reset_peer',
    attach: (wire) => {
      const cancel = wire.at(performance.now() + timeoutMs, () => wire.reset());
      return { chunk: (chunk) => wire.drop(chunk), end: () => wire.drop(), discard: cancel };
    },
  };
}
