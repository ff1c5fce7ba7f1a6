import { defineLinkFault, type LinkFaultDefinition } from '../define-link-fault.js';

/** Options of the fault `httpTruncate`. */
export interface HttpTruncateOptions {
  /** Default 0: the head only. */
  readonly bytes?: number;
  /** The start of the paths that it acts on. Default: all. */
  readonly path?: string;
}

/** Ends the connection after so many bytes of the body of an answer, whose head has promised more. */
export const httpTruncate: LinkFaultDefinition<HttpTruncateOptions> = defineLinkFault({
  http: (options, toxics) => toxics.httpTruncate(options),
});
