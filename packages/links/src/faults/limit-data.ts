import { defineLinkFault, type LinkFaultDefinition } from '../define-link-fault.js';

/** Options of the fault `limitData`. */
export interface LimitDataOptions {
  /** Bytes after which it ends. */
  readonly bytes: number;
}

/** Ends a connection after so many bytes of a direction. */
export const limitData: LinkFaultDefinition<LimitDataOptions> = defineLinkFault({
  proxy: ({ bytes }, toxics) => ({ toxic: toxics.limitData({ bytes }) }),
});
