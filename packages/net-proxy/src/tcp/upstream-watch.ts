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

  /** Looks now whether it is back, if it is down; resolves when that is known. */
  async look(): Promise<void> {
    if (!this.down || this.#closed) return;
    clearTimeout(this.#timer);
    await this.#probe();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #later(): void {
    if (!this.#closed) this.#timer = setTimeout(() => void this.#probe(), this.#intervalMs);
  }

  #probe(): Promise<void> {
    const { host, port } = this.#upstream;
    return new Promise((resolve) => {
      const socket = connect({ host, port });
      socket.on('error', () => {
        this.#later();
        resolve();
      });
      socket.on('connect', () => {
        socket.destroy();
        resolve();
        if (this.#closed || !this.down) return;
        this.down = false;
        this.#changed();
      });
    });
  }
}
