import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ChaosError } from '@chaos/spec';
import type { Address } from '../tcp/listener.js';
import { ApiError } from './wire/api-error.js';
import { whyForeign } from './wire/why-foreign.js';
import { applyState } from './apply-state.js';
import { decodeJson } from './wire/decode-json.js';
import { extensionRoutes } from './routes/extension-routes.js';
import { proxyRoutes } from './routes/proxy-routes.js';
import { ProxyRegistry } from './proxy-registry.js';
import type { ApiAnswer, Route } from './routes/route.js';
import { toxicRoutes } from './routes/toxic-routes.js';

/** Options of {@link createApiServer}. */
export interface ApiServerOptions {
  /** Default 127.0.0.1, port 8474; port 0 takes any free one. */
  readonly listen?: Address;
  /** Names every random choice: the same seed, the same ones. Default: a random one. */
  readonly seed?: string;
  /** The text of Toxiproxy's config file, whose proxies may also have `toxics`. */
  readonly config?: string;
  /** Names other than `localhost` and addresses under which clients may call the API. Default: none. */
  readonly allowedHosts?: readonly string[];
  /** Serve Toxiproxy's `GET /metrics`: bytes of the proxies, this process. Default false. */
  readonly proxyMetrics?: boolean;
  readonly runtimeMetrics?: boolean;
  /**
   * Gets a line when a connection could not be made, at most one a second. Default: only the readers of `/events` are
   * told.
   */
  readonly log?: (line: string) => void;
}

/** A running HTTP API. */
export interface ApiServer extends AsyncDisposable {
  readonly url: string;
  readonly address: Address;
  readonly seed: string;
  /** Number of proxies. */
  proxies(): number;
  /** Closes the API and every proxy. A second call does nothing. */
  close(): Promise<void>;
}

const LOG_EVERY_MS = 1000;
const MOST_BODY_BYTES = 16 * 1024 * 1024;

/**
 * Serves the HTTP API of Toxiproxy 2.12, plus the additions in `docs/reference/toxiproxy.md`. Throws `ChaosError`
 * `PORT_TAKEN`, and `CONFIG` for a config that cannot be applied.
 */
export async function createApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  const {
    listen = { host: '127.0.0.1', port: 8474 },
    seed,
    config,
    proxyMetrics = false,
    runtimeMetrics = false,
    log,
    allowedHosts = [],
  } = options;
  const known = new Set([listen.host, ...allowedHosts].map((name) => name.toLowerCase()));
  const registry = new ProxyRegistry(seed);
  const routes = [
    ...proxyRoutes(registry),
    ...toxicRoutes(registry),
    ...extensionRoutes(registry, { proxy: proxyMetrics, runtime: runtimeMetrics }),
  ];
  if (log) logFailures(registry, log);
  const server = createServer((request, response) => {
    answer(routes, request, known)
      .then((result) => write(response, request, result))
      .catch((error: unknown) => fail(response, error));
  });
  await listenOn(server, listen);
  const address = { host: listen.host, port: (server.address() as AddressInfo).port };
  let closing: Promise<void> | undefined;
  const api: ApiServer = {
    url: `http://${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`,
    address,
    seed: registry.seed,
    proxies: () => registry.all().length,
    close() {
      closing ??= (async () => {
        server.close();
        server.closeAllConnections();
        await registry.close();
      })();
      return closing;
    },
    [Symbol.asyncDispose]: () => api.close(),
  };
  if (config !== undefined) {
    try {
      await applyState(registry, decodeJson(config));
    } catch (error) {
      await api.close();
      throw unfit(error);
    }
  }
  return api;
}

async function listenOn(server: Server, listen: Address): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        new ChaosError('PORT_TAKEN', `Cannot listen on ${listen.host}:${listen.port}: ${cause.code ?? cause.message}`, {
          hint: 'Choose a port that no other process uses, or 0 for any.',
          data: { ...listen },
          cause,
        }),
      );
    });
    server.listen(listen, resolve);
  });
  // A connection that cannot be accepted (EMFILE) must not stop the server.
  server.on('error', () => {});
}

function unfit(cause: unknown): ChaosError {
  if (cause instanceof ApiError && cause.environment)
    return new ChaosError('PORT_TAKEN', `Cannot apply the proxy config: ${cause.message}`, {
      hint: 'Choose an address of this machine and a port that no other process uses.',
      cause,
    });
  return new ChaosError('CONFIG', `Cannot apply the proxy config: ${(cause as Error).message}`, {
    hint: 'It is a JSON list of { name, listen, upstream, enabled?, toxics? }.',
    cause,
  });
}

function logFailures(registry: ProxyRegistry, log: (line: string) => void): void {
  let lastMs = -Infinity;
  registry.subscribe((event) => {
    if (event.type !== 'connection-failed' || performance.now() - lastMs < LOG_EVERY_MS) return;
    lastMs = performance.now();
    log(`${event.proxy}: ${event.error}`);
  });
}

async function answer(
  routes: readonly Route[],
  request: IncomingMessage,
  known: ReadonlySet<string>,
): Promise<ApiAnswer> {
  const foreign = whyForeign(request.headers, known);
  if (foreign !== undefined) return { status: 403, text: `${foreign}\n`, type: 'text/plain; charset=utf-8' };
  const { pathname, searchParams } = address(request);
  const parts = split(pathname);
  const fitting = routes.flatMap((route) => {
    const params = match(route.path, parts);
    return params === undefined ? [] : [{ route, params }];
  });
  if (fitting.length === 0)
    return { known: false, status: 404, text: '404 page not found\n', type: 'text/plain; charset=utf-8' };
  const found = fitting.find(({ route }) => route.methods.includes(request.method ?? ''));
  if (!found) return { known: false, status: 405 };
  // A web page must not control proxies on the machine of the user who visits it.
  if (request.headers['user-agent']?.startsWith('Mozilla/'))
    return { status: 403, text: 'User agent not allowed\n', type: 'text/plain; charset=utf-8' };
  return found.route.handle({ body: await read(request), query: searchParams, params: found.params });
}

// A path as `//` is none of a URL.
function address({ url = '/' }: IncomingMessage): URL {
  try {
    return new URL(url, 'http://localhost');
  } catch {
    throw new ApiError(`bad request: ${JSON.stringify(url)} is no address`, 400);
  }
}

function split(pathname: string): readonly string[] {
  try {
    return decodeURIComponent(pathname).split('/');
  } catch {
    return pathname.split('/');
  }
}

function match(path: string, parts: readonly string[]): readonly string[] | undefined {
  const pattern = path.split('/');
  if (pattern.length !== parts.length) return undefined;
  const params: string[] = [];
  for (const [index, part] of parts.entries()) {
    if (pattern[index] === '*' && part !== '') params.push(part);
    else if (pattern[index] !== part) return undefined;
  }
  return params;
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES) throw new ApiError(`request body too large: more than ${MOST_BODY_BYTES} bytes`, 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function write(
  response: ServerResponse,
  request: IncomingMessage,
  { known, status, json, text, type, stream }: ApiAnswer,
): void {
  if (known !== false) response.setHeader('X-Toxiproxy-Request-Id', randomBytes(10).toString('hex'));
  if (!request.complete) request.resume();
  if (stream) return stream(response);
  const body = json === undefined ? (text ?? '') : JSON.stringify(json);
  if (type?.startsWith('text/plain;') && status >= 400) response.setHeader('X-Content-Type-Options', 'nosniff');
  if (body === '') {
    response.writeHead(status).end();
    return;
  }
  response
    .writeHead(status, { 'Content-Type': type ?? 'application/json', 'Content-Length': Buffer.byteLength(body) })
    .end(body);
}

// Toxiproxy's errors are JSON that is sent as text, and its clients expect no other.
function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const status = error instanceof ApiError ? error.status : 500;
  const body = `${JSON.stringify({ error: error instanceof Error ? error.message : String(error), status })}\n`;
  response.setHeader('X-Toxiproxy-Request-Id', randomBytes(10).toString('hex'));
  if (status === 413) response.setHeader('Connection', 'close');
  response
    .writeHead(status, {
      'Content-Type': 'text/plain; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
      'Content-Length': Buffer.byteLength(body),
    })
    .end(body);
}
