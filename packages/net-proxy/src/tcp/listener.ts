import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChaosError } from '@chaos/spec';

/** Address to listen on or to connect to. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A listening port that can be closed, so that connects are refused, and opened again. */
export class Listener {
  /** The port is known after the first {@link open}. */
  address: Address;
  readonly #onConnection: (socket: Socket) => void;
  readonly #onFailure: (error: Error) => void;
  readonly #retryMs: number;
  #server: Server | undefined;
  #wanted = false;
  #reserved = false;
  #opening: Promise<void> | undefined;

  /**
   * `retryMs`: how long to retry our former port if another process holds it, since that process may be about to exit.
   */
  constructor(
    address: Address,
    retryMs: number,
    onConnection: (socket: Socket) => void,
    onFailure: (error: Error) => void,
  ) {
    this.address = address;
    this.#retryMs = retryMs;
    this.#onConnection = onConnection;
    this.#onFailure = onFailure;
  }

  get listening(): boolean {
    return this.#server !== undefined;
  }

  /**
   * Resolves when connects are accepted, or when {@link shut} was called meanwhile. Throws `ChaosError` `PORT_TAKEN`.
   */
  open(): Promise<void> {
    this.#wanted = true;
    this.#opening ??= this.#bind().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  /** Refuses connects from now on. Accepted connections stay open. */
  shut(): void {
    this.#wanted = false;
    this.#server?.close();
    this.#server = undefined;
  }

  async #bind(): Promise<void> {
    const deadlineMs = performance.now() + (this.#reserved ? this.#retryMs : 0);
    while (this.#wanted && this.#server === undefined) {
      try {
        const server = await listen(this.address, this.#onConnection, this.#onFailure);
        this.address = { host: this.address.host, port: (server.address() as AddressInfo).port };
        this.#reserved = true;
        if (this.#wanted) this.#server = server;
        else server.close();
      } catch (cause) {
        const { code } = cause as NodeJS.ErrnoException;
        if (code !== 'EADDRINUSE' || performance.now() >= deadlineMs) {
          throw new ChaosError(
            'PORT_TAKEN',
            `Cannot listen on ${this.address.host}:${this.address.port}: ${code ?? String(cause)}`,
            {
              hint: 'Choose a port that no other process uses, or 0 for any.',
              data: { ...this.address },
              cause,
            },
          );
        }
        await sleep(10);
      }
    }
  }
}

function listen(
  { host, port }: Address,
  onConnection: (socket: Socket) => void,
  onFailure: (error: Error) => void,
): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(
      { allowHalfOpen: true, noDelay: true, highWaterMark: SOCKET_BUFFER_BYTES },
      onConnection,
    );
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      // Ignore failed accepts (EMFILE): the client sees them, and the next connection may succeed.
      server.on('error', onFailure);
      resolve(server);
    });
  });
}

/** Bytes that a socket buffers before it signals backpressure. */
export const SOCKET_BUFFER_BYTES: number = 256 * 1024;
