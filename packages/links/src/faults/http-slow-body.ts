import { defineLinkFault, type LinkFaultDefinition } from '../define-link-fault.js';

/** Options of the fault `httpSlowBody`. */
export interface HttpSlowBodyOptions {
  /** From 1 on. */
  readonly bytesPerSecond: number;
  /** The start of the paths that it acts on. Default: all. */
  readonly path?: string;
}

/** Sends the head of each answer at once, and its body at this pace. */
export const httpSlowBody: LinkFaultDefinition<HttpSlowBodyOptions> = defineLinkFault({
  http: (options, toxics) => toxics.httpSlowBody(options),
});
