import { defineLinkFault, type LinkFaultDefinition } from '../define-link-fault.js';

/** Options of the fault `httpStatus`. */
export interface HttpStatusOptions {
  /** 200 to 599. */
  readonly status: number;
  /** Seconds, as the field `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** Default: a line of text with the status. */
  readonly body?: string;
  /** True: the dependency handles the request, and only its answer is lost. Default: it is not asked. */
  readonly isHandled?: boolean;
  /** The start of the paths that it acts on. Default: all. */
  readonly path?: string;
}

/** Answers requests with this status in place of the dependency: `{ status: 429, retryAfterSeconds: 2 }`. */
export const httpStatus: LinkFaultDefinition<HttpStatusOptions> = defineLinkFault({
  http: (options, toxics) => toxics.httpStatus(options),
});
