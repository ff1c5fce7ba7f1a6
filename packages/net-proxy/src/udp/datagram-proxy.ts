import { isIPv6 } from 'node:net';
import { checkRange } from '@chaos/spec';
import { createRandom } from '@chaos/stats';
import type { ActiveToxic, AddOptions } from '../active-toxic.js';
import { Alarm } from '../timing/alarm.js';
import type { Address } from '../tcp/listener.js';
import { ProxyCore } from '../proxy-core.js';
import type { Toxic } from '../toxic.js';
import { UdpListener } from './udp-listener.js';
import type { UdpProxy, UdpProxyOptions, UdpTotals } from './udp-proxy.js';
import { UdpSession, type UdpSessionHost, type UdpSessionInfo } from './udp-session.js';

type Sums = { -readonly [Key in Exclude<keyof UdpTotals, 'sessions'>]: number };

/** A proxy of datagrams. Listens once its core is started. */
export class DatagramProxy implements UdpProxy {
  readonly name: string;
  readonly upstream: Address;
  readonly core: ProxyCore;
  readonly #listener: UdpListener;
  readonly #onEvent: UdpProxyOptions['onEvent'];
  readonly #host: UdpSessionHost;
  readonly #live: Map<string, UdpSession> = new Map();
  readonly #past: Sums = { upstreamPackets: 0, downstreamPackets: 0, lostPackets: 0 };
  #begun = 0;

  constructor({ name, listen, upstream, random = createRandom(name), idleMs = 60_000, onEvent }: UdpProxyOptions) {
    this.name = name;
    this.upstream = upstream;
    this.#onEvent = onEvent;
    this.#listener = new UdpListener(listen, (data, client) => this.#take(data, client));
    this.core = new ProxyCore({
      name,
      listen,
      upstream,
      random,
      onEvent,
      listener: this.#listener,
      live: () => this.#live.values(),
    });
    checkRange('idleMs', idleMs, { least: 1, most: 0x7fffffff });
    this.#host = this.#sessionHost(idleMs);
  }

  get listen(): Address {
    return this.#listener.address;
  }

  sessions(): number {
    return this.#live.size;
  }

  list(): readonly UdpSessionInfo[] {
    return [...this.#live.values()].map((session) => session.info());
  }

  totals(): UdpTotals {
    const totals = { sessions: this.#begun, ...this.#past };
    for (const session of this.#live.values()) add(totals, session.info());
    return totals;
  }

  toxics(): readonly ActiveToxic[] {
    return this.core.toxics.list();
  }

  isClean(): boolean {
    return this.core.isClean();
  }

  add(toxic: Toxic, settings: AddOptions = {}): ActiveToxic {
    return this.core.add(toxic, settings);
  }

  kill(id: number): boolean {
    const session = [...this.#live.values()].find((one) => one.id === id);
    session?.end();
    return session !== undefined;
  }

  clear(): Promise<void> {
    return this.core.clear();
  }

  async close(): Promise<void> {
    this.core.close();
    for (const session of [...this.#live.values()]) session.end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #sessionHost(idleMs: number): UdpSessionHost {
    const alarm = new Alarm();
    return {
      upstream: this.upstream,
      six: isIPv6(this.upstream.host),
      idleMs,
      at: (dueMs, ring) => alarm.at(dueMs, ring),
      answer: (to, answer) => this.#listener.send(answer, to),
      closed: (session) => {
        this.#live.delete(keyOf(session.client));
        const info = session.info();
        add(this.#past, info);
        this.#onEvent?.({ type: 'session-closed', session: info });
      },
    };
  }

  #take(data: Buffer, client: Address): void {
    const session = this.#live.get(keyOf(client)) ?? this.#welcome(client);
    session.take(data);
  }

  #welcome(client: Address): UdpSession {
    const session = new UdpSession(++this.#begun, client, this.#host);
    this.#live.set(keyOf(client), session);
    this.#onEvent?.({ type: 'session-opened', session: session.info() });
    this.core.toxics.welcome(session);
    return session;
  }
}

const keyOf = ({ host, port }: Address): string => `${host} ${port}`;

function add(totals: Sums, part: Sums): void {
  totals.upstreamPackets += part.upstreamPackets;
  totals.downstreamPackets += part.downstreamPackets;
  totals.lostPackets += part.lostPackets;
}
