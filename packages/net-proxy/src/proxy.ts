import type { ChaosError } from '@chaos/spec';
import type { Random } from '@chaos/stats';
import type { ActiveToxic, AddOptions } from './active-toxic.js';
import type { ConnectionInfo } from './connection.js';
import type { Address } from './listener.js';
import type { Toxic } from './toxic.js';

/** Options of {@link createProxy}. */
export interface ProxyOptions {
  /** For people and reports. */
  readonly name: string;
  /** Port 0 takes any free one. */
  readonly listen: Address;
  readonly upstream: Address;
  /**
   * Toxics draw from streams that derive from one draw of this one: the same seed, the same choices per connection.
   * Default: one seeded by `name`.
   */
  readonly random?: Random;
  /**
   * How long to wait for a port that was ours and that someone else has when it is to be listened on again. Default
   * 2000.
   */
  readonly retryListenMs?: number;
  /**
   * Refuse connects as long as the upstream cannot be reached, and look for it so often. Default: never refuse, and
   * reset the client.
   */
  readonly refuseWhileDown?: { readonly everyMs: number };
  /** Told of what happens by itself. Must not throw. */
  readonly onEvent?: (event: ProxyEvent) => void;
  /** In force before the first connection. Default none. */
  readonly toxics?: readonly (AddOptions & { readonly toxic: Toxic })[];
}

/** Something that happened on a proxy. */
export type ProxyEvent =
  | { readonly type: 'connection-opened' | 'connection-closed'; readonly connection: ConnectionInfo }
  /** `DESCRIPTORS_EXHAUSTED` or `UPSTREAM_UNREACHABLE`; a client that was accepted already is reset. */
  | { readonly type: 'connection-failed'; readonly error: ChaosError }
  /** Its duration is over; `error` says why the proxy could not be put back. */
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
  /** Where it really listens. */
  readonly listen: Address;
  readonly upstream: Address;
  /** How many connections are live. */
  connections(): number;
  /** The live connections with their bytes so far. */
  list(): readonly ConnectionInfo[];
  totals(): ProxyTotals;
  /** Toxics in force, oldest first. */
  toxics(): readonly ActiveToxic[];
  /** No toxic is in force, and it listens. */
  isClean(): boolean;
  /**
   * Puts a toxic in force, last in the chain, on live connections too, before it returns. Both directions, unless one
   * is named. Throws `TypeError` for a closed proxy or a direction that does not exist, `RangeError` for a number out
   * of range.
   */
  add(toxic: Toxic, options?: AddOptions): ActiveToxic;
  /** Ends one connection (RST to both sides). Returns whether it was live. */
  kill(id: number): boolean;
  /** Removes every toxic, all of them even if one fails. */
  clear(): Promise<void>;
  /** Stops listening and ends every connection. Twice is harmless. */
  close(): Promise<void>;
}
