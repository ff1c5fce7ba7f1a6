import { createRandom } from '@chaos/stats';
import type { ActiveToxic } from '../active-toxic.js';
import { createProxy } from '../create-proxy.js';
import type { Proxy, ProxyEvent } from '../proxy.js';
import { MOST_TOXICS } from '../toxic-set.js';
import { hangUp } from '../toxics/hang-up.js';
import { refuse } from '../toxics/refuse.js';
import { reset } from '../toxics/reset.js';
import { createUdpProxy } from '../udp/create-udp-proxy.js';
import type { UdpProxy, UdpProxyEvent } from '../udp/udp-proxy.js';
import { ApiError } from './wire/api-error.js';
import { formatEndpoint, listenError, parseEndpoint, resolveListen } from './routes/endpoint.js';
import type { Protocol, ProxyDescription } from './wire/read-proxy.js';
import { addOptionsOf, checkProtocol, shareOf, showToxic, type ToxicDescription } from './wire/toxic-description.js';

/** Time, ms, for the peers of a closing proxy to close their side. */
const RETIRE_MS = 1500;

/** Totals that add up when a proxy is recreated. */
const TOTALS: Readonly<Record<Protocol, readonly string[]>> = {
  tcp: [
    'connections',
    'upstreamBytes',
    'downstreamBytes',
    'upstreamReceivedBytes',
    'downstreamReceivedBytes',
    'lostBytes',
  ],
  udp: ['sessions', 'upstreamPackets', 'downstreamPackets', 'lostPackets'],
};

/** A named proxy: it can be disabled and moved, and keeps its toxics meanwhile. Changes run one at a time. */
export class ManagedProxy {
  readonly name: string;
  readonly protocol: Protocol;
  readonly refuseWhileDownMs: number;
  listen: string;
  upstream: string;
  enabled = false;
  readonly #seed: string;
  readonly #onEvent: (event: ProxyEvent | UdpProxyEvent) => void;
  readonly #toxics: Map<string, { description: ToxicDescription; active?: ActiveToxic }> = new Map();
  readonly #past: Readonly<Record<string, number>>[] = [];
  #proxy: Proxy | UdpProxy | undefined;
  #down: ActiveToxic | undefined;
  #paused: ActiveToxic | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  /** Throws `ApiError` for an upstream that cannot be dialled. */
  constructor(
    { name, listen, upstream, protocol, refuseWhileDownMs }: ProxyDescription,
    seed: string,
    onEvent: (event: ProxyEvent | UdpProxyEvent, toxic?: string) => void,
  ) {
    parseUpstream(upstream);
    this.name = name;
    this.protocol = protocol;
    this.refuseWhileDownMs = refuseWhileDownMs;
    this.listen = listen;
    this.upstream = upstream;
    this.#seed = seed;
    this.#onEvent = (event) => {
      const expired =
        event.type === 'toxic-expired'
          ? [...this.#toxics].find(([, { active }]) => active === event.toxic)?.[0]
          : undefined;
      if (expired !== undefined) this.#toxics.delete(expired);
      onEvent(event, expired);
    };
  }

  /** Waits for the changes before it. */
  serialize<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(change);
    this.#queue = result.catch(() => {});
    return result;
  }

  /** Listens. Does nothing if it listens already. Throws `ApiError`. */
  async start(): Promise<void> {
    if (this.enabled) return;
    const listen = await resolveListen(this.listen);
    try {
      if (this.#proxy) await this.#down?.remove();
      else await this.#create(listen);
    } catch (error) {
      throw error instanceof ApiError ? error : listenError(this.protocol, listen, error);
    }
    this.#down = undefined;
    this.enabled = true;
    this.listen = formatEndpoint((this.#proxy as Proxy).listen);
  }

  /** Releases its port; live connections stay open. */
  pause(): void {
    this.#paused = this.#proxy?.add(refuse({ live: 'keep' }));
  }

  /** Listens again. If another process has taken the port, the proxy is stopped. */
  async resume(): Promise<void> {
    try {
      await this.#paused?.remove();
    } catch {
      this.stop();
    }
    this.#paused = undefined;
  }

  /** Refuses new connections and closes live ones. */
  stop(): void {
    if (!this.enabled) return;
    this.enabled = false;
    this.#down = this.#proxy?.add(refuse({ live: 'fin' }));
  }

  /** Stops and frees all resources; does not wait for peers. */
  retire(): void {
    this.stop();
    const proxy = this.#proxy;
    if (proxy === undefined) return;
    this.#proxy = this.#down = undefined;
    this.#past.push({ ...proxy.totals() });
    for (const held of this.#toxics.values()) delete held.active;
    setTimeout(() => void proxy.close(), RETIRE_MS).unref();
  }

  /** Ends everything at once (RST). */
  async close(): Promise<void> {
    await this.#proxy?.close();
  }

  /** True if the description differs in protocol, addresses or `refuseWhileDownMs`. Throws `ApiError`. */
  async differs({
    listen,
    upstream,
    protocol = this.protocol,
    refuseWhileDownMs = this.refuseWhileDownMs,
  }: Pick<ProxyDescription, 'listen' | 'upstream'> & Partial<ProxyDescription>): Promise<boolean> {
    return (
      protocol !== this.protocol ||
      refuseWhileDownMs !== this.refuseWhileDownMs ||
      upstream !== this.upstream ||
      (listen !== this.listen && formatEndpoint(await resolveListen(listen, '')) !== this.listen)
    );
  }

  /** Moves, starts and stops the proxy as described. Throws `ApiError`. */
  async update({
    listen,
    upstream,
    enabled,
  }: Pick<ProxyDescription, 'listen' | 'upstream' | 'enabled'>): Promise<void> {
    if (await this.differs({ listen, upstream })) {
      parseUpstream(upstream);
      this.retire();
      this.listen = listen;
      this.upstream = upstream;
    }
    if (enabled) await this.start();
    else this.stop();
  }

  toxics(): readonly ToxicDescription[] {
    const all = [...this.#toxics.values()].map(({ description }) => description);
    return [
      ...all.filter(({ direction }) => direction === 'upstream'),
      ...all.filter(({ direction }) => direction === 'downstream'),
    ];
  }

  /** Throws `ApiError` 404. */
  toxic(name: string): ToxicDescription {
    const held = this.#toxics.get(name);
    if (!held) throw new ApiError('toxic not found', 404);
    return held.description;
  }

  /** Throws `ApiError`. */
  addToxic(description: ToxicDescription): void {
    checkProtocol(description, this.protocol);
    if (this.#toxics.has(description.name)) throw new ApiError('toxic already exists', 409);
    if (this.#toxics.size >= MOST_TOXICS)
      throw new ApiError(`invalid toxic ${description.name}: a proxy takes at most ${MOST_TOXICS} toxics`, 400);
    const held: { description: ToxicDescription; active?: ActiveToxic } = { description };
    try {
      if (this.#proxy) held.active = this.#proxy.add(description.toxic, addOptionsOf(description));
    } catch (error) {
      throw new ApiError(`invalid toxic ${description.name}: ${(error as Error).message}`, 400);
    }
    this.#toxics.set(description.name, held);
  }

  changeToxic(description: ToxicDescription): void {
    const held = this.#toxics.get(description.name);
    if (!held) return;
    held.description = description;
    held.active?.update(description.toxic, { toxicity: shareOf(description.toxicity) });
  }

  /** Throws `ApiError` when the proxy cannot listen again. */
  async removeToxic(name: string): Promise<void> {
    const held = this.#toxics.get(name);
    this.#toxics.delete(name);
    try {
      await held?.active?.remove();
    } catch (error) {
      throw listenError(this.protocol, (this.#proxy as Proxy).listen, error);
    }
  }

  /** Connections, or the clients of a UDP proxy. */
  connections(): readonly object[] {
    return this.#proxy?.list() ?? [];
  }

  /** Ends one connection, or all; returns how many. */
  kill(how: 'rst' | 'fin', id?: number): number {
    if (id !== undefined) return this.#proxy?.kill(id) ? 1 : 0;
    const count = this.connections().length;
    this.#proxy?.add(how === 'fin' ? hangUp() : reset());
    return count;
  }

  totals(): Readonly<Record<string, number>> {
    const parts = this.#proxy
      ? [...this.#past, { ...this.#proxy.totals() } as Readonly<Record<string, number>>]
      : this.#past;
    return Object.fromEntries(
      TOTALS[this.protocol].map((name) => [name, parts.reduce((sum, part) => sum + (part[name] ?? 0), 0)]),
    );
  }

  show(): Record<string, unknown> {
    const ours = {
      ...(this.protocol === 'udp' && { protocol: this.protocol }),
      ...(this.refuseWhileDownMs > 0 && { refuse_while_down: this.refuseWhileDownMs }),
    };
    return {
      name: this.name,
      listen: this.listen,
      upstream: this.upstream,
      enabled: this.enabled,
      ...ours,
      toxics: this.toxics().map(showToxic),
    };
  }

  async #create(listen: { host: string; port: number }): Promise<void> {
    const held = [...this.#toxics.values()];
    const options = {
      name: this.name,
      listen,
      upstream: parseUpstream(this.upstream),
      random: createRandom(this.#seed, this.name),
      onEvent: this.#onEvent,
      toxics: held.map(({ description }) => ({ toxic: description.toxic, ...addOptionsOf(description) })),
    };
    this.#proxy =
      this.protocol === 'udp'
        ? await createUdpProxy(options)
        : await createProxy({
            ...options,
            retryListenMs: 0,
            ...(this.refuseWhileDownMs > 0 && { refuseWhileDown: { everyMs: this.refuseWhileDownMs } }),
          });
    const active = this.#proxy.toxics();
    held.forEach((one, index) => (one.active = active[index] as ActiveToxic));
  }
}

function parseUpstream(text: string): { host: string; port: number } {
  const { host, port } = parseEndpoint('dial tcp: ', text);
  return { host: host === '' ? 'localhost' : host, port };
}
