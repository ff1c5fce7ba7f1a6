import type { Random } from '@chaos/stats';
import type { ActiveToxic, AddOptions } from '../active-toxic.js';
import type { Address } from '../tcp/listener.js';
import type { ProxyEvent } from '../proxy.js';
import type { Toxic } from '../toxic.js';
import type { UdpSessionInfo } from './udp-session.js';

/** Options of `createUdpProxy`. */
export interface UdpProxyOptions {
  /** Name for messages and reports. */
  readonly name: string;
  /** Port 0 takes any free one. */
  readonly listen: Address;
  readonly upstream: Address;
  /** As for a TCP proxy, with one client (address and port) in place of a connection. Default: seeded by `name`. */
  readonly random?: Random;
  /** A client without traffic in either direction is forgotten after this time. Default 60,000. */
  readonly idleMs?: number;
  /** In force before the first datagram. Default none. */
  readonly toxics?: readonly (AddOptions & { readonly toxic: Toxic })[];
  /** Called for each event of the proxy. Must not throw. */
  readonly onEvent?: (event: UdpProxyEvent) => void;
}

/** An event of a UDP proxy: a client connected or was forgotten; the duration of a toxic ended. */
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
  /** Number of clients. */
  sessions(): number;
  /** The current clients, with their datagrams so far. */
  list(): readonly UdpSessionInfo[];
  totals(): UdpTotals;
  toxics(): readonly ActiveToxic[];
  isClean(): boolean;
  /** As `Proxy.add`; datagrams are never cut. */
  add(toxic: Toxic, options?: AddOptions): ActiveToxic;
  /** Forgets a client. Returns false if it does not exist. */
  kill(id: number): boolean;
  clear(): Promise<void>;
  close(): Promise<void>;
}
