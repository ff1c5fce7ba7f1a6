import type { LinkDirection } from '@chaos/spec';
import type { Random } from '@chaos/stats';

/** Bytes on their way through one direction of one connection. */
export interface Chunk {
  readonly data: Buffer;
  /**
   * When they got to this place, on the clock of `performance.now()`. A toxic that holds a chunk forwards it with its
   * new time.
   */
  readonly arrivedMs: number;
}

/** What a toxic can do to one direction of one connection. */
export interface Wire {
  readonly direction: LinkDirection;
  /** Each chunk is a datagram: it may vanish or come twice, but not be cut. */
  readonly datagrams: boolean;
  /** A stream of this toxic, this connection and this direction alone. */
  readonly random: Random;
  /**
   * Passes bytes on, to the next toxic or to the receiver. The sum of what is forwarded and dropped is what came in.
   */
  forward(chunk: Chunk): void;
  /** Passes the end of the stream (FIN) on. */
  end(): void;
  /** Passes the loss of the sender on: the receiver is reset. */
  abort(): void;
  /**
   * These bytes, or without an argument an end or a loss, vanish: the connection is reset when the toxic is removed,
   * for it cannot go on.
   */
  drop(chunk?: Chunk): void;
  /** Resets (RST) both sides of the connection now. */
  reset(): void;
  /**
   * Closes (FIN) both sides of the connection, once what was forwarded has gone through the rest of the chain. What
   * comes later is lost.
   */
  close(): void;
  /** Calls back at a point on the clock of `performance.now()`, never before. Returns what calls it off. */
  at(dueMs: number, ring: () => void): () => void;
}

/** The state of one toxic on one direction of one connection. What it does not implement is passed on at once. */
export interface Stage {
  /** Takes bytes: forwards, holds or drops them. The order must be kept. */
  chunk(chunk: Chunk): void;
  /** Takes the end of the stream, which must not overtake bytes that are held. */
  end?(): void;
  /** Takes the loss of the sender. */
  abort?(): void;
  /** The toxic is being removed from a live connection: forwards all that is held, in order, before it returns. */
  flush?(): void;
  /** Last call, the connection may be gone: stops timers, forgets what is held. */
  discard?(): void;
}

/** A fault of the byte stream. It holds attributes only; what belongs to a connection lives in its {@link Stage}. */
export interface Toxic {
  /** For people and reports: `latency`. */
  readonly type: string;
  /**
   * How many bytes it may hold in each direction before the sender is made to wait. Default 4 MiB; the least in a chain
   * counts.
   */
  readonly heldLimitBytes?: number;
  /**
   * Begins the fault on one direction of one connection, which may be new or live. `before` is the flushed stage that
   * it replaces, where its attributes were changed.
   */
  attach(wire: Wire, before?: Stage): Stage;
}

/** A toxic during which the proxy does not listen: connects are refused (ECONNREFUSED). */
export interface RefusingToxic extends Toxic {
  readonly refuses: true;
}

/**
 * A toxic that lets nothing pass. With one in both directions new connections are accepted, but the upstream is not
 * dialled.
 */
export interface SilencingToxic extends Toxic {
  readonly silences: true;
}

/** A toxic that lets the upstream be dialled only after a while. */
export interface DialDelayingToxic extends Toxic {
  /** Drawn once per connection, in milliseconds. */
  dialDelayMs(random: Random): number;
}

/** A toxic for datagrams alone: in a stream of bytes it would leave a hole that nobody is told of. */
export interface DatagramToxic extends Toxic {
  readonly datagramsOnly: true;
}

/** A toxic that acts once on the connections there are and is gone. */
export interface MomentaryToxic extends Toxic {
  readonly momentary: true;
}
