import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { EnvironmentError } from '@chaos/spec';

/** An answer in place of the document. */
export interface OtherAnswer {
  /** HTTP status. Default 200. */
  readonly status?: number;
  /** Default: the document. */
  readonly body?: string;
  /** The body is sent so often in a row, to make a long one. Default 1. */
  readonly repeat?: number;
  /** Content-Type. Default `application/json`. */
  readonly type?: string;
}

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
  /** Until `healed` aborts, it answers so; the latest of several counts. */
  answerOtherwise(other: OtherAnswer, healed: AbortSignal): void;
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
  const delays = new Map<AbortSignal, number>();
  const others = new Map<AbortSignal, OtherAnswer>();
  let requests = 0;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.split('?')[0] !== path) return void response.writeHead(404).end();
    if (request.method !== 'GET') return void response.writeHead(405, { allow: 'GET' }).end();
    requests++;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    for (const [healed, latencyMs] of [...delays])
      await wait(latencyMs, undefined, { signal: AbortSignal.any([healed, gone.signal]) }).catch(() => undefined);
    const { status = 200, body, repeat = 1, type = 'application/json' } = [...others.values()].at(-1) ?? {};
    response.writeHead(status, { 'content-type': type }).end((body ?? JSON.stringify(document())).repeat(repeat));
  }

  const listener = await Listener.open(port, answer);
  return {
    port: listener.port,
    requests: () => requests,
    forgetRequests() {
      requests = 0;
    },
    takeDown: (reason) => listener.takeDown(reason),
    bringBack: (reason) => listener.bringBack(reason),
    slowDown(latencyMs, healed) {
      delays.set(healed, latencyMs);
      healed.addEventListener('abort', () => delays.delete(healed), { once: true });
    },
    answerOtherwise(other, healed) {
      others.set(healed, other);
      healed.addEventListener('abort', () => others.delete(healed), { once: true });
    },
  };
}

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A server that listens while there is no reason against it, always on the same port. */
class Listener {
  readonly port: number;
  readonly #answer: Answer;
  readonly #reasons = new Set<object>();
  #server: Server | undefined;
  #last: Promise<void> = Promise.resolve();

  private constructor(server: Server, answer: Answer) {
    this.#server = server;
    this.#answer = answer;
    this.port = (server.address() as AddressInfo).port;
  }

  static async open(port: number, answer: Answer): Promise<Listener> {
    return new Listener(await listen(port, answer), answer);
  }

  takeDown(reason: object): Promise<void> {
    this.#reasons.add(reason);
    return this.#settle();
  }

  bringBack(reason: object): Promise<void> {
    this.#reasons.delete(reason);
    return this.#settle();
  }

  // One change at a time: if a heal overtook an inject, the listener would end in the wrong state.
  #settle(): Promise<void> {
    this.#last = this.#last
      .catch(() => undefined)
      .then(async () => {
        if (this.#reasons.size === 0) this.#server ??= await listen(this.port, this.#answer);
        else if (this.#server) {
          const closing = this.#server;
          this.#server = undefined;
          await close(closing);
        }
      });
    return this.#last;
  }
}

function listen(port: number, onRequest: Answer): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((request, response) => {
      // The service outlives any request and any answer.
      onRequest(request, response).catch(() => response.destroy());
    });
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
