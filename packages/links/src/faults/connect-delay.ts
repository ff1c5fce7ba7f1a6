import { defineLinkFault, type LinkFaultDefinition } from '../define-link-fault.js';

/** Options of the fault `connectDelay`. */
export interface ConnectDelayOptions {
  /** Milliseconds. */
  readonly delayMs: number;
}

/** Delays the first answer of each new connection. */
export const connectDelay: LinkFaultDefinition<ConnectDelayOptions> = defineLinkFault({
  wholeConnections: () => true,
  proxy: ({ delayMs }, toxics) => ({ toxic: toxics.connectDelay({ delayMs }) }),
});
