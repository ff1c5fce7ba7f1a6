import { defineLinkFault, type LinkFaultDefinition } from '../define-link-fault.js';

/** Options of the fault `httpContentType`. */
export interface HttpContentTypeOptions {
  /** `text/html`. */
  readonly contentType: string;
  /** Default: the body as it came. */
  readonly body?: string;
  /** The start of the paths that it acts on. Default: all. */
  readonly path?: string;
}

/** Gives each answer another content type, and with `body` another body: the page of a load balancer. */
export const httpContentType: LinkFaultDefinition<HttpContentTypeOptions> = defineLinkFault({
  http: (options, toxics) => toxics.httpContentType(options),
});
