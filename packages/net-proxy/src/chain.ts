import type { Random } from '@chaos/stats';
import { Slot, type Receiver, type SlotHost } from './slot.js';
import type { Toxic } from './toxic.js';

/** Bytes that the toxics of one direction may hold before the sender is made to wait. */
const HELD_LIMIT_BYTES = 4 * 1024 * 1024;

const NONE: readonly Slot[] = [];

/** The toxics of one direction of one connection, in the order they were added to the proxy. */
export class Chain {
  /** The first slot, if there is one. */
  first: Slot | undefined;
  heldLimitBytes: number = HELD_LIMIT_BYTES;
  readonly #host: SlotHost;
  readonly #tail: Receiver;
  #slots: readonly Slot[] = NONE;

  constructor(host: SlotHost, tail: Receiver) {
    this.#host = host;
    this.#tail = tail;
  }

  has(toxicId: number): boolean {
    return this.#slots.some((slot) => slot.toxicId === toxicId);
  }

  attach(toxic: Toxic, toxicId: number, random: Random): void {
    const later = this.#slots.findIndex((slot) => slot.toxicId > toxicId);
    const index = later === -1 ? this.#slots.length : later;
    const slot = new Slot(toxic, toxicId, random, this.#host, this.#slots[index] ?? this.#tail);
    const before = this.#slots[index - 1];
    if (before) before.next = slot;
    this.#slots = [...this.#slots.slice(0, index), slot, ...this.#slots.slice(index)];
    this.#changed();
  }

  replace(toxic: Toxic, toxicId: number): void {
    this.#slots.find((slot) => slot.toxicId === toxicId)?.replace(toxic);
    this.#changed();
  }

  /** Removes a toxic; bytes that it held move on. Returns true if bytes had vanished there. */
  detach(toxicId: number): boolean {
    const index = this.#slots.findIndex((slot) => slot.toxicId === toxicId);
    const slot = this.#slots[index];
    if (slot === undefined) return false;
    slot.remove();
    this.#slots = this.#slots.filter((one) => one !== slot);
    const before = this.#slots[index - 1];
    if (before) before.next = slot.next;
    this.#changed();
    return slot.lossy;
  }

  /** The connection is over. */
  discard(): void {
    const slots = this.#slots;
    if (slots.length === 0) return;
    this.#slots = NONE;
    this.#changed();
    for (const slot of slots) slot.discard();
  }

  #changed(): void {
    this.first = this.#slots[0];
    this.heldLimitBytes = this.#slots.reduce(
      (least, slot) => Math.min(least, slot.heldLimitBytes ?? HELD_LIMIT_BYTES),
      HELD_LIMIT_BYTES,
    );
  }
}
