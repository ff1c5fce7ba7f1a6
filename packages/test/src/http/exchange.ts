import type { Agent, IncomingHttpHeaders, IncomingMessage, request as requestHttp } from 'node:http';
import { OperationError } from '@chaos/spec';

/** Methods of HTTP that operations use. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One request. */
export interface Exchange {
  /** Name of it in messages: `GET /notes/1`. */
  readonly name: string;
  readonly url: URL;
  readonly method: Method;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  /** Time for the whole answer, ms. */
  readonly limitMs: number;
  /** How the limit came about, for messages; may be empty. */
  readonly stretched: string;
  readonly signal: AbortSignal;
}

/** The answer to it, whatever its status. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Client {
  readonly request: typeof requestHttp;
  readonly agent: Agent;
}

/** The request did not reach the service, so it had no effect. */
const NOT_SENT: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
/** Most servers close an idle connection later: no request meets the end of its connection. */
const IDLE_MS = 4000;
const clients: Record<string, Promise<Client>> = {};

/**
 * Sends a request, and reads its answer to the end. Not by fetch(): it takes half as long again, with a signal for each
 * request longer still, and that of Node 20 hangs once in a while when a connection is reset.
 *
 * @throws OperationError `unavailable` where nothing was sent, `timeout` where the limit was over, else `unknown`
 */
export async function exchange(asked: Exchange): Promise<Answer> {
  const { name, url, method, body, limitMs, stretched, signal } = asked;
  const { request: start, agent } = await (clients[url.protocol] ??= clientOf(url.protocol));
  return new Promise((resolve, reject) => {
    const request = start(url, { method, headers: headersOf(asked), agent });
    let settled = false;
    const settle = (): void => {
      settled = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    // Of several errors the first one is the cause.
    const fail = (error: OperationError): void => {
      if (settled) return;
      settle();
      reject(error);
      request.destroy();
    };
    const lost = (cause: unknown): void => {
      if (!settled) fail(errorOf(name, cause));
    };
    const abort = (): void => lost(signal.reason);
    const timer = setTimeout(
      () => fail(new OperationError('timeout', `${name}: no answer within ${limitMs} ms${stretched}`)),
      limitMs,
    );
    signal.addEventListener('abort', abort);
    request
      .on('error', lost)
      .on('close', () => lost(new Error('the connection was closed')))
      .on('response', (response) => {
        read(response.on('error', lost), (answer) => {
          settle();
          resolve(answer);
        });
      });
    if (signal.aborted) abort();
    else request.end(body);
  });
}

async function clientOf(protocol: string): Promise<Client> {
  const { Agent, request } = protocol === 'https:' ? await import('node:https') : await import('node:http');
  return { request, agent: new Agent({ keepAlive: true, maxFreeSockets: Infinity, timeout: IDLE_MS }) };
}

// Without a length DELETE would send its body where the next request begins.
function headersOf({ headers, body }: Exchange): Record<string, string | number> {
  return {
    accept: '*/*',
    'accept-encoding': 'gzip, deflate, br',
    'user-agent': 'chaos',
    ...headers,
    ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
  };
}

function read(response: IncomingMessage, then: (answer: Answer) => void): void {
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => void chunks.push(chunk));
  response.on('end', () => {
    const [first] = chunks;
    const body = first && chunks.length === 1 ? first : Buffer.concat(chunks);
    then({ status: response.statusCode ?? 0, headers: response.headers, body });
  });
}

function errorOf(name: string, cause: unknown): OperationError {
  const { code, message } = cause as { readonly code?: unknown; readonly message?: string };
  const reason = typeof code === 'string' ? code : (message ?? String(cause));
  return new OperationError(NOT_SENT.has(code) ? 'unavailable' : 'unknown', `${name}: ${reason}`, { cause });
}
