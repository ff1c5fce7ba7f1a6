import { defineLinkFault, type LinkFaultDefinition } from '../define-link-fault.js';

/** Options of the fault `slowClose`. */
export interface SlowCloseOptions {
  /** Milliseconds. */
  readonly delayMs: number;
}

/** Delays the end of each connection. */
export const slowClose: LinkFaultDefinition<SlowCloseOptions> = defineLinkFault({
  proxy: ({ delayMs }, toxics) => ({ toxic: toxics.slowClose({ delayMs }) }),
});
