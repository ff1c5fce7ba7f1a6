import { checkRange } from '@chaos/spec';
import type { HttpToxic } from './http-toxic.js';

/** Options of {@link httpStatus}. */
export interface HttpStatusToxicOptions {
  /** 200 to 599. */
  readonly status: number;
  /** Seconds, as the field `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** Default: a line of text with the status. */
  readonly body?: string;
  /** The upstream handles the request, and only its answer is lost. Default false: it is not asked. */
  readonly isHandled?: boolean;
}

/** Answers with this status in place of the upstream. */
export function httpStatus(options: HttpStatusToxicOptions): HttpToxic {
  const { status, retryAfterSeconds, body, isHandled = false } = options;
  checkRange('status', status, { least: 200, most: 599, whole: true });
  if (retryAfterSeconds !== undefined)
    checkRange('retryAfterSeconds', retryAfterSeconds, { least: 0, most: 86_400, whole: true });
  return {
    type: 'httpStatus',
    instead: {
      status,
      fields: {
        'Content-Type': 'text/plain',
        ...(retryAfterSeconds !== undefined && { 'Retry-After': String(retryAfterSeconds) }),
      },
      body: body ?? `status ${status} of a test\n`,
      isAsked: isHandled,
    },
  };
}

/** Options of {@link httpSlowBody}. */
export interface HttpSlowBodyToxicOptions {
  /** From 1 on. */
  readonly bytesPerSecond: number;
}

/** Sends the head of each answer at once, and its body at this pace. */
export function httpSlowBody({ bytesPerSecond }: HttpSlowBodyToxicOptions): HttpToxic {
  checkRange('bytesPerSecond', bytesPerSecond, { least: 1, most: 1e9 });
  return { type: 'httpSlowBody', bytesPerSecond };
}

/** Options of {@link httpTruncate}. */
export interface HttpTruncateToxicOptions {
  /** Default 0: the head only. */
  readonly bytes?: number;
}

/** Ends the connection after so many bytes of a body; the head has promised all of it. */
export function httpTruncate({ bytes = 0 }: HttpTruncateToxicOptions): HttpToxic {
  checkRange('bytes', bytes, { least: 0, most: Number.MAX_SAFE_INTEGER, whole: true });
  return { type: 'httpTruncate', mostBytes: bytes };
}

/** Options of {@link httpContentType}. */
export interface HttpContentTypeToxicOptions {
  /** The value of the field `Content-Type`. */
  readonly contentType: string;
  /** Default: the body as it came. */
  readonly body?: string;
}

/** Calls each answer something else, and with `body` makes it that. */
export function httpContentType({ contentType, body }: HttpContentTypeToxicOptions): HttpToxic {
  if (!/^[\t\x20-\x7e]+$/.test(contentType))
    throw new TypeError(
      `Cannot change the content type: current value is ${JSON.stringify(contentType)}, it must be printable`,
    );
  return {
    type: 'httpContentType',
    fields: { 'Content-Type': contentType },
    ...(body !== undefined && { body }),
  };
}
