import { defineLinkFault, type LinkFaultDefinition } from '../define-link-fault.js';

/** Options of the fault `timeout`. */
export interface TimeoutOptions {
  /** Milliseconds. */
  readonly timeoutMs: number;
}

/** Is silent, and ends each connection after `timeoutMs`. */
export const timeout: LinkFaultDefinition<TimeoutOptions> = defineLinkFault({
  proxy: ({ timeoutMs }, toxics) => ({ toxic: toxics.timeout({ timeoutMs }) }),
});
