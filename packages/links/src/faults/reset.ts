import { defineLinkFault, type LinkFaultDefinition } from '../define-link-fault.js';

/** Ends live connections once, by RST. New ones are let through, so healing does nothing. */
export const reset: LinkFaultDefinition<object> = defineLinkFault({
  wholeConnections: () => true,
  proxy: (_, toxics) => ({ toxic: toxics.reset() }),
});
