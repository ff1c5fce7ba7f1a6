import { defineLinkFault, type LinkFaultDefinition } from '../define-link-fault.js';

/** Options of the fault `duplicate`. */
export interface DuplicateOptions {
  /** The share of the packets, 0 to 1. */
  readonly duplicateRatio: number;
}

/** Sends a share of the packets twice. */
export const duplicate: LinkFaultDefinition<DuplicateOptions> = defineLinkFault({
  packets: ({ duplicateRatio }) => ({ duplicate: { ratio: duplicateRatio } }),
});
