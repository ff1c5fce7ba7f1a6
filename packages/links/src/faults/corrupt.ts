import { defineLinkFault, type LinkFaultDefinition } from '../define-link-fault.js';

/** Options of the fault `corrupt`. */
export interface CorruptOptions {
  /** The share of the packets, 0 to 1. */
  readonly corruptRatio: number;
}

/** Flips a bit in a share of the packets. TCP finds it by the checksum, and sends the packet again. */
export const corrupt: LinkFaultDefinition<CorruptOptions> = defineLinkFault({
  packets: ({ corruptRatio }) => ({ corrupt: { ratio: corruptRatio } }),
});
