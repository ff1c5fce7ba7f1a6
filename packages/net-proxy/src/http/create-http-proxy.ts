import { createRandom } from '@chaos/stats';
import { createProxy } from '../create-proxy.js';
import type { Proxy, ProxyOptions } from '../proxy.js';
import { HttpGate, type HttpUpstream } from './http-gate.js';
import type { ActiveHttpToxic, AddHttpOptions, HttpToxic } from './http-toxic.js';

/** A proxy that breaks answers of HTTP/1.1 as well as byte streams. */
export interface HttpProxy extends Proxy {
  /** Adds a toxic for answers to requests that come from now on. Throws `TypeError` or `RangeError` for bad options. */
  addHttp(toxic: HttpToxic, options?: AddHttpOptions): ActiveHttpToxic;
}

/** Options of {@link createHttpProxy}. */
export interface HttpProxyOptions extends Omit<ProxyOptions, 'upstream' | 'upstreamGone' | 'refuseWhileDown'> {
  readonly upstream: HttpUpstream;
}

/**
 * Starts a proxy in front of a server of HTTP/1.1; resolves when it listens. Clients speak plain HTTP to it. Requests
 * that two readers could take for different ones are refused with 400, and never passed on. Throws as
 * `createProxy()` does.
 *
 * @example
 *   await using proxy = await createHttpProxy({
 *     name: 'payments',
 *     listen: { host: '127.0.0.1', port: 0 },
 *     upstream: { host: 'payments.example', port: 443, tls: true },
 *   });
 *   proxy.addHttp(httpStatus({ status: 429, retryAfterSeconds: 2 }), { path: '/charges', toxicity: 0.1 });
 */
export async function createHttpProxy({ upstream, ...options }: HttpProxyOptions): Promise<HttpProxy> {
  const { name, random = createRandom(name) } = options;
  const gate = new HttpGate(upstream, createRandom(String(random.integer(0, Number.MAX_SAFE_INTEGER)), 'http', name));
  const port = await gate.listen();
  try {
    const proxy = await createProxy({ ...options, random, upstream: { host: '127.0.0.1', port } });
    return withHttp(proxy, gate);
  } catch (error) {
    await gate.close();
    throw error;
  }
}

function withHttp(proxy: Proxy, gate: HttpGate): HttpProxy {
  const close = async (): Promise<void> => {
    await proxy.close();
    await gate.close();
  };
  return {
    name: proxy.name,
    listen: proxy.listen,
    upstream: proxy.upstream,
    connections: () => proxy.connections(),
    list: () => proxy.list(),
    totals: () => proxy.totals(),
    toxics: () => proxy.toxics(),
    isClean: () => proxy.isClean() && gate.toxics.size === 0,
    add: (toxic, settings) => proxy.add(toxic, settings),
    addHttp: (toxic, settings = {}) => gate.toxics.add(toxic, settings),
    kill: (id) => proxy.kill(id),
    askUpstream: () => proxy.askUpstream(),
    async clear() {
      gate.toxics.clear();
      await proxy.clear();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
