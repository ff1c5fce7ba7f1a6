import type { LinkDirection } from '@chaos/spec';
import type { Random } from '@chaos/stats';

/** Bytes on their way through one direction of one connection. */
export interface Chunk {
  readonly data: Buffer;
  /**
   * Arrival time at this toxic, on the clock of `performance.now()`. A toxic that holds a chunk forwards it with its
   * new time.
   */
  readonly arrivedMs: number;
}

/** Actions that a toxic can take on one direction of one connection. */
export interface Wire {
  readonly direction: LinkDirection;
  /** Each chunk is a datagram: it may vanish or come twice, but not be cut. */
  readonly datagrams: boolean;
  /** A random stream for this toxic, connection and direction alone. */
  readonly random: Random;
  /**
   * Forwards bytes to the next toxic or to the receiver. Every byte that came in must be either forwarded or dropped.
   */
  forward(chunk: Chunk): void;
  /** Forwards the end of the stream (FIN). */
  end(): void;
  /** Forwards the loss of the sender: the receiver is reset. */
  abort(): void;
  /**
   * Drops these bytes, or, without an argument, an end or a loss. The connection is reset when the toxic is removed,
   * because it cannot continue.
   */
  drop(chunk?: Chunk): void;
  /** Resets (RST) both sides of the connection now. */
  reset(): void;
  /**
   * Closes (FIN) both sides of the connection, once forwarded bytes have passed the rest of the chain. Later bytes are
   * lost.
   */
  close(): void;
  /**
   * Calls back at a time on the clock of `performance.now()`, never before it. Returns a function that cancels the
   * call.
   */
  at(dueMs: number, ring: () => void): () => void;
}

/** The state of one toxic on one direction of one connection. Methods that it leaves out pass everything on at once. */
export interface Stage {
  /** Takes bytes: forwards, holds or drops them. The order must be kept. */
  chunk(chunk: Chunk): void;
  /** Takes the end of the stream, which must stay behind held bytes. */
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
  /** Name for messages and reports, such as `latency`. */
  readonly type: string;
  /**
   * Bytes it may hold in each direction before backpressure stops the sender. Default 4 MiB; the smallest limit in a
   * chain counts.
   */
  readonly heldLimitBytes?: number;
  /**
   * Starts the fault on one direction of one connection, new or live. If attributes changed, `before` is the flushed
   * stage that this one replaces.
   */
  attach(wire: Wire, before?: Stage): Stage;
}

/** A toxic during which the proxy does not listen: connects are refused (ECONNREFUSED). */
export interface RefusingToxic extends Toxic {
  readonly refuses: true;
}

/**
 * A toxic that lets nothing pass. With one in both directions, new connections are accepted, but the upstream is not
 * dialled.
 */
export interface SilencingToxic extends Toxic {
  readonly silences: true;
}

/** A toxic that delays the dial to the upstream. */
export interface DialDelayingToxic extends Toxic {
  /** Delay in ms, drawn once per connection. */
  dialDelayMs(random: Random): number;
}

/** A toxic for datagrams only: in a byte stream it would leave a hole that neither side notices. */
export interface DatagramToxic extends Toxic {
  readonly datagramsOnly: true;
}

/** A toxic that acts once, on the live connections, and then is gone. */
export interface MomentaryToxic extends Toxic {
  readonly momentary: true;
}
