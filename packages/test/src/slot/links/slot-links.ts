import { createLinkBackends, type LinkBackends, type LinkPlace } from '@chaos/links';
import { createProxy, type Proxy, type ProxyOptions } from '@chaos/net-proxy';
import type { HttpProxyOptions } from '@chaos/net-proxy/http';
import type { SlotContext } from '@chaos/spec';
import { createRandom } from '@chaos/stats';
import { linkKey, portPurpose, programOf, programsOf } from '../target/programs.js';
import { Replicas } from './replicas.js';
import { endpointOf, linkPurpose, withEndpoint } from '../endpoint.js';

/** Near end of a link. A type, for it is sent as JSON. */
export type LinkEnd = { readonly url: string; readonly host: string; readonly port: number };

/** Time between looks at an external program that is down, ms: nobody tells when it listens again. */
const DOWN_MS = 100;
/** Of a link, that are remembered. */
const MOST_ARRIVALS = 1000;

/** Starts the proxy of a link. */
type OpenProxy = (options: Pick<ProxyOptions, 'name' | 'listen' | 'random' | 'onEvent'>) => Promise<Proxy>;

/** The links of one slot: from programs to services and to each other, and from tests to programs. */
export class SlotLinks implements AsyncDisposable {
  /** Near end of each link that a program or a test connects to, by {@link linkKey}. */
  readonly ends: Map<string, LinkEnd> = new Map();
  /** By {@link linkKey}. */
  readonly open: Map<string, LinkPlace> = new Map();
  /** Moments at which the latest connections of each link were made, ms since the Unix epoch, by {@link linkKey}. */
  readonly arrivals: Map<string, number[]> = new Map();
  readonly backends: LinkBackends;
  readonly #context: SlotContext;
  /** Names of the services, in a namespace that has a name server. */
  readonly #names: Readonly<Record<string, string>>;
  /** By program. */
  readonly #replicas = new Map<string, Replicas>();

  constructor(context: SlotContext, signal: AbortSignal) {
    this.#context = context;
    this.#names = context.sandboxed
      ? (context.address('dns') as { readonly names: Readonly<Record<string, string>> }).names
      : {};
    this.backends = createLinkBackends({
      sandboxed: context.sandboxed,
      backend: context.config.network.backend,
      programs: folderOfNft(context, signal),
    });
  }

  /** Opens the links of programs to services and to each other; leaves nothing behind when it throws. */
  async openAll(): Promise<void> {
    const { config, takePort } = this.#context;
    try {
      const programs = programsOf(config);
      for (const { name, instances, settings } of programs) {
        if (settings.external) continue;
        const ports = new Map<string, number>();
        for (const instance of instances) ports.set(instance, await takePort(portPurpose(instance)));
        this.#replicas.set(name, new Replicas(ports));
      }
      for (const { name, settings } of programs) {
        for (const service of settings.services) await this.#openService(name, service);
        for (const other of settings.reaches) await this.#openProgram(name, other);
      }
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Opens the link from tests to a program, unless it is open; returns its URL. */
  async openClient(program: string): Promise<string> {
    const end = this.ends.get(linkKey('client', program)) ?? (await this.#openProgram('client', program));
    return end.url;
  }

  /** The process of a copy of a program; `undefined` while none runs. */
  async runs(instance: string, port: number, pid: number | undefined): Promise<void> {
    const { name } = programOf(this.#context.config, instance);
    this.#replicas.get(name)?.runs(instance, { port, pid });
    for (const { to, proxy } of this.open.values()) if (to === name) await proxy.askUpstream();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.backends[Symbol.asyncDispose]();
    const closing = [...this.open.values()];
    this.open.clear();
    await Promise.all(closing.map(({ proxy }) => proxy.close()));
  }

  async #openService(from: string, service: string): Promise<void> {
    const { url, protocols } = this.#context.address(service) as { url: string; protocols: Record<string, number> };
    const upstream = { ...endpointOf(url, protocols), tls: url.startsWith('https:') };
    const isHttp = upstream.tls || this.#context.config.services[service]?.speaks === 'http';
    const open: OpenProxy = isHttp ? httpProxy(upstream) : (options) => createProxy({ ...options, upstream });
    const near = withoutTls(url);
    await this.#connect(from, service, (at) => withEndpoint(near, at), open);
  }

  #openProgram(from: string, program: string): Promise<LinkEnd> {
    const { external } = programOf(this.#context.config, program).settings;
    if (external) return this.#openExternal(from, program, external.url);
    const replicas = this.#replicas.get(program);
    if (!replicas) throw new TypeError(`Cannot open the link ${from}→${program}: there is no such program`);
    const upstream = replicas.next();
    const open: OpenProxy = (options) =>
      createProxy({
        ...options,
        upstream,
        chooseUpstream: () => replicas.next(),
        upstreamGone: () => replicas.areGone(),
      });
    return this.#connect(from, program, (at) => `http://${at}`, open);
  }

  #openExternal(from: string, program: string, url: string): Promise<LinkEnd> {
    const upstream = { ...endpointOf(url, { 'http:': 80, 'https:': 443 }), tls: url.startsWith('https:') };
    const refuseWhileDown = { everyMs: DOWN_MS };
    const open: OpenProxy = upstream.tls
      ? httpProxy(upstream)
      : (options) => createProxy({ ...options, upstream, refuseWhileDown });
    return this.#connect(from, program, (at) => withEndpoint(withoutTls(url), at).replace(/\/$/, ''), open);
  }

  async #connect(from: string, to: string, urlAt: (endpoint: string) => string, open: OpenProxy): Promise<LinkEnd> {
    const name = linkKey(from, to);
    const listen = { host: '127.0.0.1', port: await this.#context.takePort(linkPurpose(from, to)) };
    const random = createRandom(this.#context.seed, 'link', name);
    const arrivals: number[] = [];
    this.arrivals.set(name, arrivals);
    const onEvent: ProxyOptions['onEvent'] = ({ type }) => {
      if (type === 'connection-opened' && arrivals.push(performance.timeOrigin + performance.now()) > MOST_ARRIVALS)
        arrivals.shift();
    };
    const proxy = await open({ name, listen, random, onEvent });
    this.open.set(name, { proxy, from, to });
    const host = this.#names[to] ?? listen.host;
    const end = { url: urlAt(`${host}:${listen.port}`), host, port: listen.port };
    this.ends.set(name, end);
    return end;
  }
}

// TLS ends in the proxy: no certificate of the far end names the near one.
function httpProxy(upstream: HttpProxyOptions['upstream']): OpenProxy {
  return async (options) => (await import('@chaos/net-proxy/http')).createHttpProxy({ ...options, upstream });
}

function withoutTls(url: string): string {
  return url.replace(/^https:/, 'http:');
}

// Found while the services start; a failure is reported by the first fault that needs it.
async function folderOfNft({ sandboxed, outside }: SlotContext, signal: AbortSignal): Promise<string | undefined> {
  if (!sandboxed) return undefined;
  return (await outside(import.meta.resolve('@chaos/programs'), 'locateNft', signal)) as string;
}
