import { checkRange } from '@chaos/spec';
import { isIPv6 } from 'node:net';
import { createRandom, type Random } from '@chaos/stats';
import type { ActiveToxic, AddOptions } from '../active-toxic.js';
import { Alarm } from '../alarm.js';
import { checkAddress } from '../check-address.js';
import type { Address } from '../listener.js';
import type { ProxyEvent } from '../proxy.js';
import type { Toxic } from '../toxic.js';
import { ToxicSet } from '../toxic-set.js';
import { UdpListener } from './udp-listener.js';
import { UdpSession, type UdpSessionInfo } from './udp-session.js';

/** Options of {@link createUdpProxy}. */
export interface UdpProxyOptions {
  /** For people and reports. */
  readonly name: string;
  /** Port 0 takes any free one. */
  readonly listen: Address;
  readonly upstream: Address;
  /**
   * As for a TCP proxy; a client, by its address and port, is what a connection is there. Default: seeded by `name`.
   */
  readonly random?: Random;
  /** A client that is silent, and not spoken to, for so long is forgotten. Default 60,000. */
  readonly idleMs?: number;
  /** In force before the first datagram. Default none. */
  readonly toxics?: readonly (AddOptions & { readonly toxic: Toxic })[];
  /** Told of what happens by itself. Must not throw. */
  readonly onEvent?: (event: UdpProxyEvent) => void;
}

/** Something that happened on a UDP proxy: a client came, or was forgotten; a toxic's duration is over. */
export type UdpProxyEvent =
  | { readonly type: 'session-opened' | 'session-closed'; readonly session: UdpSessionInfo }
  | Extract<ProxyEvent, { type: 'toxic-expired' }>;

/** Sums over all clients that a UDP proxy has had. */
export interface UdpTotals {
  readonly sessions: number;
  /** Datagrams handed on. */
  readonly upstreamPackets: number;
  readonly downstreamPackets: number;
  readonly lostPackets: number;
}

/** A UDP proxy whose datagrams can be lost, delayed, duplicated, reordered and corrupted. */
export interface UdpProxy extends AsyncDisposable {
  readonly name: string;
  readonly listen: Address;
  readonly upstream: Address;
  /** How many clients there are. */
  sessions(): number;
  /** The clients there are, with their datagrams so far. */
  list(): readonly UdpSessionInfo[];
  totals(): UdpTotals;
  toxics(): readonly ActiveToxic[];
  isClean(): boolean;
  /** As {@link Proxy.add}; datagrams are never cut. */
  add(toxic: Toxic, options?: AddOptions): ActiveToxic;
  /** Forgets a client. Returns whether there was such a one. */
  kill(id: number): boolean;
  clear(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a proxy in front of a UDP server; resolves when it listens. Each client gets its own socket to the upstream.
 * Throws `RangeError` or `TypeError` for a bad address, `ChaosError` `PORT_TAKEN`.
 */
export async function createUdpProxy(options: UdpProxyOptions): Promise<UdpProxy> {
  const {
    name,
    listen,
    upstream,
    random,
    idleMs,
    toxics: initial,
    onEvent,
  }: Required<Omit<UdpProxyOptions, 'onEvent'>> & Pick<UdpProxyOptions, 'onEvent'> = {
    random: createRandom(options.name),
    idleMs: 60_000,
    toxics: [],
    ...options,
  };
  checkAddress('listen', listen, 0);
  checkAddress('upstream', upstream, 1);
  checkRange('idleMs', idleMs, { least: 1, most: 0x7fffffff });
  const live = new Map<string, UdpSession>();
  const past = { upstreamPackets: 0, downstreamPackets: 0, lostPackets: 0 };
  const alarm = new Alarm();
  let begun = 0;
  let ready = false;
  let closed = false;

  const count = (totals: typeof past, part: UdpSessionInfo): void => {
    totals.upstreamPackets += part.upstreamPackets;
    totals.downstreamPackets += part.downstreamPackets;
    totals.lostPackets += part.lostPackets;
  };
  const take = (data: Buffer, client: Address): void => {
    const key = `${client.host} ${client.port}`;
    let session = live.get(key);
    if (session === undefined) {
      session = new UdpSession(++begun, client, {
        upstream,
        six: isIPv6(upstream.host),
        idleMs,
        at: (dueMs, ring) => alarm.at(dueMs, ring),
        answer: (to, answer) => listener.send(answer, to),
        closed: (one) => {
          live.delete(key);
          const info = one.info();
          count(past, info);
          onEvent?.({ type: 'session-closed', session: info });
        },
      });
      live.set(key, session);
      onEvent?.({ type: 'session-opened', session: session.info() });
      toxics.welcome(session);
    }
    session.take(data);
  };
  const listener = new UdpListener(listen, take);
  const toxics: ToxicSet = new ToxicSet({
    seed: String(random.integer(0, Number.MAX_SAFE_INTEGER)),
    live: () => live.values(),
    expired: (toxic, error) => onEvent?.({ type: 'toxic-expired', toxic, ...(error !== undefined && { error }) }),
    gate: async () => {
      if (toxics.refusing()) listener.shut();
      else if (ready && !closed) await listener.open();
    },
  });

  const proxy: UdpProxy = {
    name,
    get listen() {
      return listener.address;
    },
    upstream,
    sessions: () => live.size,
    list: () => [...live.values()].map((session) => session.info()),
    totals() {
      const totals = { ...past };
      for (const session of live.values()) count(totals, session.info());
      return { sessions: begun, ...totals };
    },
    toxics: () => toxics.list(),
    isClean: () => toxics.list().length === 0 && listener.listening,
    add(toxic, settings = {}) {
      if (closed) throw new TypeError(`Cannot add ${toxic.type}: proxy ${name} is closed`);
      return toxics.add(toxic, settings);
    },
    kill(id) {
      const session = [...live.values()].find((one) => one.id === id);
      session?.end();
      return session !== undefined;
    },
    async clear() {
      await Promise.all(toxics.list().map((toxic) => toxic.remove()));
    },
    async close() {
      closed = true;
      toxics.stop();
      listener.shut();
      for (const session of [...live.values()]) session.end();
    },
    [Symbol.asyncDispose]: () => proxy.close(),
  };
  try {
    for (const { toxic, ...settings } of initial) toxics.add(toxic, settings);
    ready = true;
    if (!toxics.refusing()) await listener.open();
  } catch (error) {
    toxics.stop();
    throw error;
  }
  return proxy;
}
