import type { LinkDirection } from '@chaos/spec';
import type { Random } from '@chaos/stats';
import type { Chunk, Stage, Toxic, Wire } from './toxic.js';

/** Something that takes a stream: a toxic's place in a chain, or the receiving socket. */
export interface Receiver {
  chunk(chunk: Chunk): void;
  end(): void;
  abort(): void;
}

/** What a slot needs of the pipe it is in. */
export interface SlotHost {
  readonly direction: LinkDirection;
  readonly datagrams: boolean;
  at(dueMs: number, ring: () => void): () => void;
  /** Bytes left the chain without reaching the receiver. */
  dropped(bytes: number): void;
  /** Resets the whole connection. */
  reset(): void;
  /** The end that comes next at the tail is to close the whole connection; bytes that enter are lost from now on. */
  close(): void;
}

/** The place of one toxic in the chain of one direction of one connection. */
export class Slot implements Receiver {
  /** Identifies the toxic; places are in its order. */
  readonly toxicId: number;
  next: Receiver;
  /** Something vanished here: the stream behind it has a hole. */
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

  /** Puts a changed toxic here; what the old one held moves on first. */
  replace(toxic: Toxic): void {
    this.remove();
    this.heldLimitBytes = toxic.heldLimitBytes;
    this.#stage = toxic.attach(this.#wire, this.#stage);
  }

  /** Lets go of what is held, in order, and ends the stage. */
  remove(): void {
    this.#stage.flush?.();
    this.#stage.discard?.();
  }

  /** Ends the stage and what it holds. */
  discard(): void {
    this.#stage.discard?.();
  }
}
