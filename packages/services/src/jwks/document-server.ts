import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { EnvironmentError } from '@chaos/spec';

/** One JSON document over HTTP on 127.0.0.1, which can be made unreachable or slow. */
export interface DocumentServer {
  readonly port: number;
  requests(): number;
  forgetRequests(): void;
  /**
   * Closes the listener; resolves when it is closed. Each caller passes a token as its reason; the listener returns
   * when no reason is left.
   */
  takeDown(reason: object): Promise<void>;
  bringBack(reason: object): Promise<void>;
  /** Until `healed` aborts, each answer waits this long. */
  slowDown(latencyMs: number, healed: AbortSignal): void;
}

/**
 * Serves `document()` at `path`; port 0 takes a free one, and keeps it. Throws `EnvironmentError` where the port is
 * taken.
 */
export async function serveDocument({
  port,
  path,
  document,
}: {
  port: number;
  path: string;
  document: () => unknown;
}): Promise<DocumentServer> {
  const reasons = new Set<object>();
  const delays = new Map<AbortSignal, number>();
  let requests = 0;
  let server: Server | undefined = await listen(port, answer);
  const ownPort = (server.address() as AddressInfo).port;
  let last: Promise<void> = Promise.resolve();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.split('?')[0] !== path) return void response.writeHead(404).end();
    if (request.method !== 'GET') return void response.writeHead(405, { allow: 'GET' }).end();
    requests++;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    for (const [healed, latencyMs] of [...delays])
      await wait(latencyMs, undefined, { signal: AbortSignal.any([healed, gone.signal]) }).catch(() => undefined);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document()));
  }

  // One change at a time: if a heal overtook an inject, the listener would end in the wrong state.
  const settle = (): Promise<void> => {
    last = last
      .catch(() => undefined)
      .then(async () => {
        if (reasons.size === 0) server ??= await listen(ownPort, answer);
        else if (server) {
          const closing = server;
          server = undefined;
          await close(closing);
        }
      });
    return last;
  };

  return {
    port: ownPort,
    requests: () => requests,
    forgetRequests() {
      requests = 0;
    },
    takeDown(reason) {
      reasons.add(reason);
      return settle();
    },
    bringBack(reason) {
      reasons.delete(reason);
      return settle();
    },
    slowDown(latencyMs, healed) {
      delays.set(healed, latencyMs);
      healed.addEventListener('abort', () => delays.delete(healed), { once: true });
    },
  };
}

function listen(
  port: number,
  onRequest: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((request, response) => void onRequest(request, response));
    server.once('error', (cause) => {
      reject(
        new EnvironmentError(`Cannot start the JWKS issuer on 127.0.0.1:${port}: ${cause.message}`, {
          cause,
          data: { port },
          hint: 'End what listens there, or give it another port.',
        }),
      );
    });
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
