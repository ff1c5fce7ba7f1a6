import type { LinkDirection } from '@chaos/spec';
import type { Random } from '@chaos/stats';
import type { Chunk, Stage, Toxic, Wire } from './toxic.js';

/** A consumer of a stream: a toxic's place in a chain, or the receiving socket. */
export interface Receiver {
  chunk(chunk: Chunk): void;
  end(): void;
  abort(): void;
}

/** The pipe, as seen by a slot. */
export interface SlotHost {
  readonly direction: LinkDirection;
  readonly datagrams: boolean;
  at(dueMs: number, ring: () => void): () => void;
  /** Reports bytes that left the chain without reaching the receiver. */
  dropped(bytes: number): void;
  /** Resets the whole connection. */
  reset(): void;
  /** The next end at the tail closes the whole connection; bytes that enter from now on are lost. */
  close(): void;
}

/** The place of one toxic in the chain of one direction of one connection. */
export class Slot implements Receiver {
  /** Identifies the toxic; slots are sorted by it. */
  readonly toxicId: number;
  next: Receiver;
  /** True if bytes vanished here: the stream after this slot has a hole. */
  lossy = false;
  heldLimitBytes: number | undefined;
  readonly #wire: Wire;
  #stage: Stage;

  constructor(toxic: Toxic, toxicId: number, random: Random, host: SlotHost, next: Receiver) {
    this.toxicId = toxicId;
    this.next = next;
    this.heldLimitBytes = toxic.heldLimitBytes;
    this.#wire = {
      direction: host.direction,
      datagrams: host.datagrams,
      random,
      forward: (chunk) => this.next.chunk(chunk),
      end: () => this.next.end(),
      abort: () => this.next.abort(),
      drop: (chunk) => {
        this.lossy = true;
        if (chunk !== undefined) host.dropped(chunk.data.length);
      },
      reset: () => host.reset(),
      close: () => {
        host.close();
        this.next.end();
      },
      at: (dueMs, ring) => host.at(dueMs, ring),
    };
    this.#stage = toxic.attach(this.#wire);
  }

  chunk(chunk: Chunk): void {
    this.#stage.chunk(chunk);
  }

  end(): void {
    if (this.#stage.end) this.#stage.end();
    else this.next.end();
  }

  abort(): void {
    if (this.#stage.abort) this.#stage.abort();
    else this.next.abort();
  }

  /** Replaces the toxic by its changed version, after the old one released what it held. */
  replace(toxic: Toxic): void {
    this.remove();
    this.heldLimitBytes = toxic.heldLimitBytes;
    this.#stage = toxic.attach(this.#wire, this.#stage);
  }

  /** Releases held data in order, and ends the stage. */
  remove(): void {
    this.#stage.flush?.();
    this.#stage.discard?.();
  }

  /** Ends the stage and discards what it holds. */
  discard(): void {
    this.#stage.discard?.();
  }
}
