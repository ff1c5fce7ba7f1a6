import type { Socket } from 'node:net';
import type { LinkDirection } from '@chaos/spec';
import { Chain } from '../chain.js';
import { CAN_FREE, freeChunk, LARGE_BYTES } from './free-chunk.js';
import { resetSocket } from './reset-socket.js';
import type { Receiver, SlotHost } from '../slot.js';
import type { Chunk, Toxic } from '../toxic.js';
import type { ToxicPipe } from '../toxic-target.js';
import { weighOnYoungGeneration } from './young-weight.js';

/** Bytes that pass through toxics before other connections get a turn. */
const TURN_BYTES = 128 * 1024;

/** The connection, as seen by a pipe. */
export interface PipeHost {
  at(dueMs: number, ring: () => void): () => void;
  reset(): void;
  hangUp(): void;
}

/**
 * One direction of one connection: source → toxic → toxic → sink. The chain starts empty, and then bytes go straight
 * on. The source waits while the sink is full or the toxics hold too much, so memory is bounded.
 */
export class Pipe implements SlotHost, Receiver, ToxicPipe {
  readonly direction: LinkDirection;
  readonly datagrams = false;
  readonly chain: Chain;
  /** Bytes handed to the receiver. */
  bytes = 0;
  lostBytes = 0;
  readonly #host: PipeHost;
  #source: Socket | undefined;
  #sink: Socket | undefined;
  #heldBytes = 0;
  #turnBytes = 0;
  #yielding = false;
  #paused = false;
  #closing = false;

  /** Bytes read from the sender. */
  get receivedBytes(): number {
    return this.bytes + this.lostBytes + this.#heldBytes;
  }

  constructor(direction: LinkDirection, host: PipeHost) {
    this.direction = direction;
    this.#host = host;
    this.chain = new Chain(this, this);
  }

  /** Sets the receiver. Call it before {@link from}, unless a toxic keeps everything from the receiver. */
  to(sink: Socket): void {
    this.#sink = sink;
    sink.on('drain', () => this.#regulate());
  }

  /** Sets the sender and starts the flow. */
  from(source: Socket): void {
    this.#source = source;
    source.on('data', (data: Buffer) => this.#enter(data));
    source.on('end', () => (this.chain.first ?? this).end());
    source.on('close', (hadError) => {
      if (hadError || !source.readableEnded) (this.chain.first ?? this).abort();
    });
  }

  /** Changes a toxic in place. */
  replace(toxic: Toxic, toxicId: number): void {
    this.chain.replace(toxic, toxicId);
    this.#regulate();
  }

  detach(toxicId: number): void {
    if (this.chain.detach(toxicId) && !this.#closing) this.#host.reset();
    this.#regulate();
  }

  // The end of the chain.

  chunk({ data }: Chunk): void {
    this.#heldBytes -= data.length;
    this.#deliver(data);
    this.#regulate();
  }

  end(): void {
    if (this.#sink?.destroyed === false) this.#sink.end();
    if (this.#closing) this.#host.hangUp();
  }

  abort(): void {
    if (!this.#closing) resetSocket(this.#sink);
  }

  // Methods that toxics call.

  at(dueMs: number, ring: () => void): () => void {
    return this.#host.at(dueMs, ring);
  }

  dropped(bytes: number): void {
    this.#heldBytes -= bytes;
    this.lostBytes += bytes;
    this.#regulate();
  }

  reset(): void {
    this.#host.reset();
  }

  close(): void {
    this.#closing = true;
    this.#paused = false;
    this.#source?.resume();
  }

  #enter(data: Buffer): void {
    const { first } = this.chain;
    const passes = first === undefined && !this.#closing;
    // No toxic has seen this chunk, so nobody reads it again after it is written.
    const free = passes && CAN_FREE && data.length >= LARGE_BYTES;
    if (!free) weighOnYoungGeneration(data.length);
    if (this.#closing) {
      this.lostBytes += data.length;
      return;
    }
    if (first === undefined) return this.#deliver(data, free ? () => freeChunk(data) : undefined);
    this.#heldBytes += data.length;
    this.#turnBytes += data.length;
    if (this.#turnBytes > TURN_BYTES && !this.#yielding) this.#yield();
    first.chunk({ data, arrivedMs: performance.now() });
    this.#regulate();
  }

  // Yield between chunks: a toxic may take long over each, and a socket may deliver up to 2 MiB at once.
  #yield(): void {
    this.#yielding = true;
    setImmediate(() => {
      this.#yielding = false;
      this.#turnBytes = 0;
      this.#regulate();
    });
  }

  #deliver(data: Buffer, written?: () => void): void {
    const sink = this.#sink;
    if (sink === undefined || !sink.writable) return;
    this.bytes += data.length;
    if (!sink.write(data, written) && !this.#paused) this.#regulate();
  }

  #regulate(): void {
    const full =
      !this.#closing &&
      (this.#yielding || this.#heldBytes > this.chain.heldLimitBytes || this.#sink?.writableNeedDrain === true);
    if (full === this.#paused) return;
    this.#paused = full;
    if (full) this.#source?.pause();
    else this.#source?.resume();
  }
}
