import { inspect } from 'node:util';
import { InvariantViolation, OperationError, type DriverContext, type Outcome } from '@chaos/spec';
import { success, type Sent } from './send.js';

// In the order of their numbers. Source: https://grpc.github.io/grpc/core/md_doc_statuscodes.html
const STATUSES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

/** A status of gRPC that a service may decide by. */
export type GrpcStatus = Exclude<(typeof STATUSES)[number], 'OK'>;

/** One call of gRPC-web, and how its answer is judged. */
export interface GrpcWebCall extends Pick<Sent, 'path' | 'headers' | 'timeoutMs'> {
  readonly message: Uint8Array;
  readonly rejected: readonly GrpcStatus[];
  readonly read: (message: Uint8Array) => unknown;
  readonly right: ((answer: unknown) => boolean) | undefined;
}

// As those of HTTP are judged. UNKNOWN is what most libraries answer when the code of a service threw.
const OUTCOMES: Readonly<Record<string, Exclude<Outcome, 'ok' | 'wrong'>>> = {
  CANCELLED: 'unknown',
  UNKNOWN: 'unknown',
  DEADLINE_EXCEEDED: 'timeout',
  RESOURCE_EXHAUSTED: 'unavailable',
  INTERNAL: 'unavailable',
  UNAVAILABLE: 'unavailable',
};
const HEADERS = {
  'content-type': 'application/grpc-web+proto',
  accept: 'application/grpc-web+proto',
  'x-grpc-web': '1',
};
const PREFIX_BYTES = 5;
const TRAILERS = 0x80;
const COMPRESSED = 0x01;

/**
 * Calls a method with one message each way.
 *
 * Source: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md
 *
 * @throws OperationError where the status is a decision of the service, or says that it could not
 * @throws InvariantViolation where the answer is no gRPC-web, or not right
 */
export async function callGrpcWeb(context: DriverContext, call: GrpcWebCall): Promise<unknown> {
  const { path, headers, message, rejected, timeoutMs, read, right } = call;
  const answer = await success(context, {
    method: 'POST',
    path,
    headers: { ...HEADERS, ...headers },
    body: framed(message),
    rejected: [],
    timeoutMs,
  });
  const { messages, trailers } = framesOf(answer.body, path);
  // An answer without a message may have its status among its headers.
  const { 'grpc-status': code = trailers.get('grpc-status') } = answer.headers;
  const { 'grpc-message': text = trailers.get('grpc-message') } = answer.headers;
  const status = typeof code === 'string' ? STATUSES[Number(code)] : undefined;
  if (status === undefined) throw wrong(path, `answered with ${code === undefined ? 'no status' : `status ${code}`}`);
  if (status !== 'OK') throw refusal(path, { status, text: String(text ?? ''), rejected });
  const [first] = messages;
  if (!first || messages.length > 1) throw wrong(path, `answered with ${messages.length} messages, not with one`);
  const result = decode(read, first, path);
  if (right?.(result) === false)
    throw wrong(path, `answered ${inspect(result, { breakLength: Infinity })}, which is not right`);
  return result;
}

function framed(message: Uint8Array): Uint8Array {
  const frame = Buffer.alloc(PREFIX_BYTES + message.length);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, PREFIX_BYTES);
  return frame;
}

interface Frames {
  readonly messages: readonly Uint8Array[];
  readonly trailers: ReadonlyMap<string, string>;
}

function framesOf(body: Buffer, path: string): Frames {
  const messages: Uint8Array[] = [];
  const trailers = new Map<string, string>();
  let rest = body;
  while (rest.length > 0) {
    const end = rest.length < PREFIX_BYTES ? Infinity : PREFIX_BYTES + rest.readUInt32BE(1);
    if (end > rest.length) throw wrong(path, `answered with ${rest.length} bytes that are no frame of gRPC-web`);
    const [flags = 0] = rest;
    const content = rest.subarray(PREFIX_BYTES, end);
    if (flags & COMPRESSED) throw wrong(path, 'answered with a compressed message, which nobody asked for');
    if (flags & TRAILERS) for (const line of content.toString('latin1').split('\r\n')) addTrailer(trailers, line);
    else messages.push(new Uint8Array(content));
    rest = rest.subarray(end);
  }
  return { messages, trailers };
}

function addTrailer(trailers: Map<string, string>, line: string): void {
  const colon = line.indexOf(':');
  if (colon > 0) trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
}

function refusal(
  path: string,
  {
    status,
    text,
    rejected,
  }: { readonly status: GrpcStatus; readonly text: string; readonly rejected: readonly GrpcStatus[] },
): Error {
  const said = `answered ${status}${text === '' ? '' : `: ${plain(text)}`}`;
  const outcome = rejected.includes(status) ? 'rejected' : OUTCOMES[status];
  if (outcome) return new OperationError(outcome, `gRPC ${path} ${said}`, { data: { status } });
  return wrong(path, `${said}. That is no answer which the driver expects`, {
    hint: `If the service decides so, say it in the driver: rejected: ['${status}'].`,
    data: { status },
  });
}

// Messages are percent-encoded UTF-8.
function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function decode(read: GrpcWebCall['read'], message: Uint8Array, path: string): unknown {
  try {
    return read(message);
  } catch (cause) {
    throw wrong(path, `answered with ${message.length} bytes that the driver cannot read`, { cause });
  }
}

function wrong(
  path: string,
  said: string,
  options?: ConstructorParameters<typeof InvariantViolation>[1],
): InvariantViolation {
  return new InvariantViolation(`gRPC ${path} ${said}`, options);
}
