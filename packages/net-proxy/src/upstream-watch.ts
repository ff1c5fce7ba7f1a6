import { connect } from 'node:net';
import type { Address } from './listener.js';

/**
 * While an upstream is down, a listener in front of it is to refuse, too: looks for it to come back. It is left in
 * peace while it is up.
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
