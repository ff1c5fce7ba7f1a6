import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { OperationError } from '@chaos/test';

/** One HTTP request. */
export interface ClientRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Timeout of the whole request, including the wait for a socket. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The complete answer. */
export interface ClientResponse {
  readonly status: number;
  readonly text: string;
}

// More sockets than any load has concurrent requests; further requests wait here.
const agent = new Agent({ keepAlive: true, maxSockets: 1024, maxFreeSockets: 256, scheduling: 'fifo' });

const NEVER_CONNECTED: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EADDRNOTAVAIL',
  'EMFILE',
]);

/**
 * Sends a request over a kept connection.
 * @throws OperationError `unavailable` when it was never sent, `timeout`, or `unknown` when the connection was lost
 *   after sending.
 */
export async function send(request: ClientRequest): Promise<ClientResponse> {
  try {
    return await exchange(request);
  } catch (error) {
    // The target may close a kept connection just as it is used again; requests without effects are then sent once more
    // (RFC 9110, 9.2.2).
    if (!(error instanceof StaleConnection) || request.method !== 'GET') throw toOperationError(error, request);
    return exchange(request).catch((second: unknown) => {
      throw toOperationError(second, request);
    });
  }
}

class StaleConnection extends Error {}

function exchange({ method, url, headers, body, timeoutMs, signal }: ClientRequest): Promise<ClientResponse> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(url, { agent, method, headers, signal }, (response) => {
      read(response)
        .then(resolve, reject)
        .finally(() => clearTimeout(timer));
    });
    const timer = setTimeout(
      () =>
        outgoing.destroy(
          new OperationError('timeout', `No answer to ${method} ${new URL(url).pathname} within ${timeoutMs} ms`),
        ),
      timeoutMs,
    );
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const isStale = outgoing.reusedSocket && error.code === 'ECONNRESET';
      reject(isStale ? new StaleConnection(error.message, { cause: error }) : error);
    });
    outgoing.end(body);
  });
}

async function read(response: IncomingMessage): Promise<ClientResponse> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') };
}

function toOperationError(error: unknown, { method, url }: ClientRequest): unknown {
  const { name, code, message } = error as NodeJS.ErrnoException;
  if (error instanceof OperationError || name === 'AbortError') return error;
  const outcome = NEVER_CONNECTED.has(code) ? 'unavailable' : 'unknown';
  return new OperationError(outcome, `Cannot ${method} ${new URL(url).pathname}: ${message}`, {
    cause: error,
    data: { code: code ?? null },
  });
}
