import type { LinkDirection } from '@chaos/spec';
import { Chain } from '../chain.js';
import type { Receiver, SlotHost } from '../slot.js';
import type { Chunk, Toxic } from '../toxic.js';
import type { ToxicPipe } from '../toxic-target.js';

/** The session, as seen by a pipe. */
export interface UdpPipeHost {
  at(dueMs: number, ring: () => void): () => void;
  deliver(direction: LinkDirection, data: Buffer): void;
  end(): void;
}

/**
 * One direction between two UDP endpoints. UDP has no backpressure: datagrams that toxics cannot hold are lost, as in a
 * router.
 */
export class UdpPipe implements SlotHost, Receiver, ToxicPipe {
  readonly direction: LinkDirection;
  readonly datagrams = true;
  readonly chain: Chain;
  /** Datagrams and bytes handed on. */
  packets = 0;
  bytes = 0;
  lostPackets = 0;
  readonly #host: UdpPipeHost;
  #heldBytes = 0;

  constructor(direction: LinkDirection, host: UdpPipeHost) {
    this.direction = direction;
    this.#host = host;
    this.chain = new Chain(this, this);
  }

  enter(data: Buffer): void {
    const { first } = this.chain;
    if (first === undefined) return this.#deliver(data);
    if (this.#heldBytes > this.chain.heldLimitBytes) {
      this.lostPackets++;
      return;
    }
    this.#heldBytes += data.length;
    first.chunk({ data, arrivedMs: performance.now() });
  }

  replace(toxic: Toxic, toxicId: number): void {
    this.chain.replace(toxic, toxicId);
  }

  detach(toxicId: number): void {
    this.chain.detach(toxicId);
  }

  chunk({ data }: Chunk): void {
    // Negative if datagrams were sent twice.
    this.#heldBytes = Math.max(0, this.#heldBytes - data.length);
    this.#deliver(data);
  }

  end(): void {
    this.#host.end();
  }

  abort(): void {
    this.#host.end();
  }

  at(dueMs: number, ring: () => void): () => void {
    return this.#host.at(dueMs, ring);
  }

  dropped(bytes: number): void {
    this.#heldBytes -= bytes;
    this.lostPackets++;
  }

  reset(): void {
    this.#host.end();
  }

  close(): void {}

  #deliver(data: Buffer): void {
    this.packets++;
    this.bytes += data.length;
    this.#host.deliver(this.direction, data);
  }
}
