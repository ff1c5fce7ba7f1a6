import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { ChaosError } from '@chaos/spec';
import type { Address } from '../tcp/listener.js';

/** A UDP port that can be closed, so that datagrams to it are refused (ICMP), and opened again. */
export class UdpListener {
  /** The port is known after the first {@link open}. */
  address: Address;
  readonly #onDatagram: (data: Buffer, from: Address) => void;
  #socket: Socket | undefined;
  #opening: Promise<void> | undefined;
  #wanted = false;

  constructor(address: Address, onDatagram: (data: Buffer, from: Address) => void) {
    this.address = address;
    this.#onDatagram = onDatagram;
  }

  get listening(): boolean {
    return this.#socket !== undefined;
  }

  /** Resolves when it listens, or when {@link shut} was called meanwhile. Throws `ChaosError` `PORT_TAKEN`. */
  open(): Promise<void> {
    this.#wanted = true;
    this.#opening ??= this.#open().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  shut(): void {
    this.#wanted = false;
    this.#socket?.close();
    this.#socket = undefined;
  }

  send(data: Buffer, { host, port }: Address): void {
    this.#socket?.send(data, port, host);
  }

  async #open(): Promise<void> {
    if (this.#socket !== undefined) return;
    const socket = createSocket(isIPv6(this.address.host) ? 'udp6' : 'udp4');
    try {
      await bind(socket, this.address);
    } catch (error) {
      socket.close();
      throw error;
    }
    if (!this.#wanted) return void socket.close();
    this.#socket = socket;
    this.address = { host: this.address.host, port: socket.address().port };
    socket
      .on('error', () => {})
      .on('message', (data, { address: host, port }) => this.#onDatagram(data, { host, port }));
  }
}

function bind(socket: Socket, { host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException): void =>
      reject(
        new ChaosError('PORT_TAKEN', `Cannot listen on udp ${host}:${port}: ${cause.code ?? cause.message}`, {
          hint: 'Choose a port that no other process uses, or 0 for any.',
          data: { host, port },
          cause,
        }),
      );
    socket.once('error', failed);
    socket.bind(port, host, () => {
      socket.off('error', failed);
      resolve();
    });
  });
}
