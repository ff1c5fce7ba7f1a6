import { connect } from 'node:net';
import type { Address } from './listener.js';

/**
 * Watches an upstream that is down, so that the listener in front of it can refuse until it is back. Sends nothing
 * while the upstream is up.
 */
export class UpstreamWatch {
  down = false;
  readonly #upstream: Address;
  readonly #intervalMs: number;
  readonly #changed: () => void;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(upstream: Address, intervalMs: number, changed: () => void) {
    this.#upstream = upstream;
    this.#intervalMs = intervalMs;
    this.#changed = changed;
  }

  /** A dial has failed. */
  failed(): void {
    if (this.down || this.#closed) return;
    this.down = true;
    this.#changed();
    this.#later();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #later(): void {
    if (!this.#closed) this.#timer = setTimeout(() => this.#probe(), this.#intervalMs);
  }

  #probe(): void {
    const { host, port } = this.#upstream;
    const socket = connect({ host, port });
    socket.on('error', () => this.#later());
    socket.on('connect', () => {
      socket.destroy();
      if (this.#closed) return;
      this.down = false;
      this.#changed();
    });
  }
}
