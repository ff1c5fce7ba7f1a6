import { defineLinkFault, type LinkFaultDefinition } from '../define-link-fault.js';

/** Ends live connections once, by FIN. New ones are let through, so healing does nothing. */
export const hangUp: LinkFaultDefinition<object> = defineLinkFault({
  wholeConnections: () => true,
  proxy: (_, toxics) => ({ toxic: toxics.hangUp() }),
});
