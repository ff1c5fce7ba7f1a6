import type { ChaosError } from '@chaos/spec';
import type { Random } from '@chaos/stats';
import type { ActiveToxic, AddOptions } from './active-toxic.js';
import type { ConnectionInfo } from './tcp/connection.js';
import type { Address } from './tcp/listener.js';
import type { Toxic } from './toxic.js';

/** Options of {@link createProxy}. */
export interface ProxyOptions {
  /** Name for messages and reports. */
  readonly name: string;
  /** Port 0 takes any free one. */
  readonly listen: Address;
  readonly upstream: Address;
  /**
   * Toxics draw from streams derived from one draw of this generator: the same seed gives the same choices per
   * connection. Default: a generator seeded by `name`.
   */
  readonly random?: Random;
  /** Time to keep retrying, ms, if another process holds our former port when the proxy listens again. Default 2000. */
  readonly retryListenMs?: number;
  /**
   * Refuse connections while the upstream is unreachable, and meanwhile check the upstream at this interval. Default:
   * never refuse, and reset the client instead.
   */
  readonly refuseWhileDown?: { readonly everyMs: number };
  /**
   * Says whether nothing listens at the upstream, where its owner knows it at once: then connections are refused, as
   * they are without the proxy. Asked when the upstream ends a connection, before the client hears of it, and by
   * {@link Proxy.askUpstream}.
   */
  readonly upstreamGone?: () => boolean;
  /** Says where the next connection leads, where that is not always `upstream`. */
  readonly chooseUpstream?: () => Address;
  /** Called for each event of the proxy. Must not throw. */
  readonly onEvent?: (event: ProxyEvent) => void;
  /** In force before the first connection. Default none. */
  readonly toxics?: readonly (AddOptions & { readonly toxic: Toxic })[];
}

/** Something that happened on a proxy. */
export type ProxyEvent =
  | { readonly type: 'connection-opened' | 'connection-closed'; readonly connection: ConnectionInfo }
  /** `DESCRIPTORS_EXHAUSTED` or `UPSTREAM_UNREACHABLE`; a client that was accepted already is reset. */
  | { readonly type: 'connection-failed'; readonly error: ChaosError }
  /** Its duration has ended; `error` says why the proxy could not be restored. */
  | { readonly type: 'toxic-expired'; readonly toxic: ActiveToxic; readonly error?: unknown };

/** Sums over all connections that a proxy has had. */
export interface ProxyTotals {
  readonly connections: number;
  /** Bytes handed to the upstream. */
  readonly upstreamBytes: number;
  /** Bytes handed to the client. */
  readonly downstreamBytes: number;
  /** Bytes read from the client. */
  readonly upstreamReceivedBytes: number;
  /** Bytes read from the upstream. */
  readonly downstreamReceivedBytes: number;
  readonly lostBytes: number;
}

/** A TCP proxy whose byte streams can be broken. */
export interface Proxy extends AsyncDisposable {
  readonly name: string;
  /** Actual listening address. */
  readonly listen: Address;
  readonly upstream: Address;
  /** Number of live connections. */
  connections(): number;
  /** The live connections with their bytes so far. */
  list(): readonly ConnectionInfo[];
  totals(): ProxyTotals;
  /** Toxics in force, oldest first. */
  toxics(): readonly ActiveToxic[];
  /** Removes all toxics and makes the proxy listen again. */
  isClean(): boolean;
  /**
   * Adds a toxic at the end of the chain, on live connections too, before it returns. Both directions, unless one is
   * named. Throws `TypeError` for a closed proxy or an unknown direction, `RangeError` for a number out of range.
   */
  add(toxic: Toxic, options?: AddOptions): ActiveToxic;
  /** Ends one connection (RST to both sides). Returns whether it was live. */
  kill(id: number): boolean;
  /**
   * Asks {@link ProxyOptions.upstreamGone} again, and looks now at an upstream that was down, with
   * {@link ProxyOptions.refuseWhileDown}: refuses from now on, or accepts once this resolves.
   */
  askUpstream(): Promise<void>;
  /** Removes every toxic, even if one of them fails. */
  clear(): Promise<void>;
  /** Stops listening and ends every connection. A second call does nothing. */
  close(): Promise<void>;
}
