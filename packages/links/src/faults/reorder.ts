import { defineLinkFault, type LinkFaultDefinition } from '../define-link-fault.js';

/** Options of the fault `reorder`. */
export interface ReorderOptions {
  /** The share of the packets, 0 to 1. */
  readonly reorderRatio: number;
  /** The delay of those that are overtaken. */
  readonly delayMs: number;
}

/** Lets a share of the packets overtake the others, which are delayed. */
export const reorder: LinkFaultDefinition<ReorderOptions> = defineLinkFault({
  packets: ({ reorderRatio, delayMs }) => ({ reorder: { ratio: reorderRatio }, delay: { delayMs } }),
});
