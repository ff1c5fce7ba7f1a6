import { delayLaw, type DelayAttributes } from '../timing/delay-law.js';
import type { DialDelayingToxic } from '../toxic.js';

/**
 * Delays the dial to the upstream of new connections, and reads nothing from the client before. The client's own
 * connect succeeds at once, because the kernel answers it; only its first response is late. On removal, waiting
 * connections are dialled. Throws `RangeError`.
 */
export function connectDelay(attributes: DelayAttributes): DialDelayingToxic {
  return {
    type: 'connect_delay',
    dialDelayMs: delayLaw('delayMs', attributes),
    attach: (wire) => ({ chunk: (chunk) => wire.forward(chunk) }),
  };
}
