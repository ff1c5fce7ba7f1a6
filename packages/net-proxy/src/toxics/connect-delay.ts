import { delayLaw, type DelayAttributes } from '../delay-law.js';
import type { DialDelayingToxic } from '../toxic.js';

/**
 * Dials the upstream of new connections only after a while, and reads nothing from the client before. The client's own
 * connect succeeds at once, for the kernel answers it; its first answer is late. On removal those that wait are
 * dialled. Throws `RangeError`.
 */
export function connectDelay(attributes: DelayAttributes): DialDelayingToxic {
  return {
    type: 'connect_delay',
    dialDelayMs: delayLaw('delayMs', attributes),
    attach: (wire) => ({ chunk: (chunk) => wire.forward(chunk) }),
  };
}
