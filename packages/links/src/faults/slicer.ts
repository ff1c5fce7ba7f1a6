import { defineLinkFault, type LinkFaultDefinition } from '../define-link-fault.js';

/** Options of the fault `slicer`. */
export interface SlicerOptions {
  /** The mean size of a piece. */
  readonly averageBytes: number;
  /** Default 0. */
  readonly variationBytes?: number;
  /** The pause after each piece. Default 0. */
  readonly delayMs?: number;
}

/** Cuts the stream into small pieces. */
export const slicer: LinkFaultDefinition<SlicerOptions> = defineLinkFault({
  proxy: ({ averageBytes, variationBytes = 0, delayMs = 0 }, toxics) => ({
    toxic: toxics.slicer({ averageBytes, variationBytes, delayMs }),
  }),
});
