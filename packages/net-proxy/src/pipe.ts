import type { Socket } from 'node:net';
import type { LinkDirection } from '@chaos/spec';
import type { Random } from '@chaos/stats';
import { resetSocket } from './reset-socket.js';
import { Slot, type Receiver, type SlotHost } from './slot.js';
import type { Chunk, Toxic } from './toxic.js';

/** Bytes that the toxics of one direction may hold before the sender is made to wait. */
const HELD_LIMIT_BYTES = 4 * 1024 * 1024;

/**
 * One direction of one connection: source → toxic → toxic → sink. The chain starts empty, and then bytes go straight on.
 * The source waits while the sink is full or the toxics hold too much, so memory is bounded.
 */
export class Pipe implements SlotHost {
  readonly direction: LinkDirection;
  /** Bytes handed to the receiver. */
  bytes = 0;
  lostBytes = 0;
  readonly #resetConnection: () => void;
  readonly #slots: Slot[] = [];
  readonly #tail: Receiver;
  #source: Socket | undefined;
  #sink: Socket | undefined;
  #heldBytes = 0;
  #paused = false;

  constructor(direction: LinkDirection, resetConnection: () => void) {
    this.direction = direction;
    this.#resetConnection = resetConnection;
    this.#tail = {
      chunk: (chunk: Chunk) => {
        this.#heldBytes -= chunk.data.length;
        this.#deliver(chunk.data);
        this.#regulate();
      },
      end: () => {
        if (this.#sink?.destroyed === false) this.#sink.end();
      },
      abort: () => resetSocket(this.#sink),
    };
  }

  /** Names the receiver. Must come before {@link from}, unless a toxic keeps everything from it. */
  to(sink: Socket): void {
    this.#sink = sink;
    sink.on('drain', () => this.#regulate());
  }

  /** Names the sender and starts the flow. */
  from(source: Socket): void {
    this.#source = source;
    source.on('data', (data: Buffer) => this.#enter(data));
    source.on('end', () => this.#first().end());
    source.on('close', (hadError) => {
      if (hadError || !source.readableEnded) this.#first().abort();
    });
  }

  attach(toxic: Toxic, toxicId: number, random: Random): void {
    const slot = new Slot(toxic, toxicId, random, this, this.#tail);
    const last = this.#slots.at(-1);
    if (last) last.next = slot;
    this.#slots.push(slot);
  }

  /** Takes a toxic out of the chain. What it held is delivered; if it dropped something, the connection is reset. */
  detach(toxicId: number): void {
    const index = this.#slots.findIndex((slot) => slot.toxicId === toxicId);
    const slot = this.#slots[index];
    if (slot === undefined) return;
    slot.remove();
    this.#slots.splice(index, 1);
    const before = this.#slots[index - 1];
    if (before) before.next = slot.next;
    if (slot.lossy) this.#resetConnection();
  }

  /** The connection is over. */
  discard(): void {
    for (const slot of this.#slots) slot.discard();
    this.#slots.length = 0;
  }

  dropped(bytes: number): void {
    this.#heldBytes -= bytes;
    this.lostBytes += bytes;
    this.#regulate();
  }

  reset(): void {
    this.#resetConnection();
  }

  #first(): Receiver {
    return this.#slots[0] ?? this.#tail;
  }

  #enter(data: Buffer): void {
    const first = this.#slots[0];
    if (first === undefined) return this.#deliver(data);
    this.#heldBytes += data.length;
    first.chunk({ data, arrivedMs: performance.now() });
    this.#regulate();
  }

  #deliver(data: Buffer): void {
    const sink = this.#sink;
    if (sink === undefined || !sink.writable) return;
    this.bytes += data.length;
    if (!sink.write(data) && !this.#paused) this.#regulate();
  }

  #regulate(): void {
    const full = this.#heldBytes > HELD_LIMIT_BYTES || this.#sink?.writableNeedDrain === true;
    if (full === this.#paused) return;
    this.#paused = full;
    if (full) this.#source?.pause();
    else this.#source?.resume();
  }
}
