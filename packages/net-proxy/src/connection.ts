import type { Socket } from 'node:net';
import type { LinkDirection } from '@chaos/spec';
import type { Random } from '@chaos/stats';
import { Pipe } from './pipe.js';
import { resetSocket } from './reset-socket.js';
import type { Toxic } from './toxic.js';

/** A live connection as data. */
export interface ConnectionInfo {
  /** Counts from 1 in the order of acceptance. */
  readonly id: number;
  /** Milliseconds since the Unix epoch. */
  readonly openedMs: number;
  readonly clientPort: number | undefined;
  /** Whether the upstream was dialled: not while it is black-holed in both directions. */
  readonly dialled: boolean;
  /** Bytes handed to the upstream. */
  readonly upstreamBytes: number;
  /** Bytes handed to the client. */
  readonly downstreamBytes: number;
  /** Bytes that toxics made vanish. */
  readonly lostBytes: number;
}

/** What a connection needs of its proxy. */
export interface ConnectionHost {
  dial(): Socket;
  /** The stream of random choices of one toxic in one direction. */
  random(connectionId: number, direction: LinkDirection, toxicId: number): Random;
  closed(connection: Connection): void;
}

/** A client, its upstream, and the two pipes between them. */
export class Connection {
  readonly id: number;
  readonly pipes: Readonly<Record<LinkDirection, Pipe>>;
  readonly #openedMs: number = Date.now();
  readonly #host: ConnectionHost;
  readonly #client: Socket;
  readonly #clientPort: number | undefined;
  #upstream: Socket | undefined;
  #open = 0;

  constructor(id: number, client: Socket, host: ConnectionHost) {
    this.id = id;
    this.#client = client;
    this.#clientPort = client.remotePort;
    this.#host = host;
    const reset = (): void => this.reset();
    this.pipes = { upstream: new Pipe('upstream', reset), downstream: new Pipe('downstream', reset) };
    this.#adopt(client);
    this.pipes.downstream.to(client);
  }

  /** Begins to read, after toxics were attached; the upstream is dialled unless it is to stay silent. */
  start(dial: boolean): void {
    if (dial) this.dial();
    this.pipes.upstream.from(this.#client);
  }

  /** Dials the upstream if that was not done yet. The client is reset when that fails. */
  dial(): void {
    if (this.#upstream !== undefined || this.#client.destroyed) return;
    this.#upstream = this.#host.dial();
    this.#adopt(this.#upstream);
    this.pipes.upstream.to(this.#upstream);
    this.pipes.downstream.from(this.#upstream);
  }

  attach(toxic: Toxic, toxicId: number, directions: readonly LinkDirection[]): void {
    for (const direction of directions) this.pipes[direction].attach(toxic, toxicId, this.#host.random(this.id, direction, toxicId));
  }

  detach(toxicId: number): void {
    this.pipes.upstream.detach(toxicId);
    this.pipes.downstream.detach(toxicId);
  }

  /** RST to both sides. */
  reset(): void {
    resetSocket(this.#client);
    resetSocket(this.#upstream);
  }

  /** RST to both sides; a dial that is under way is given up. */
  close(): void {
    this.reset();
    if (this.#upstream?.connecting) this.#upstream.destroy();
  }

  info(): ConnectionInfo {
    const { upstream, downstream } = this.pipes;
    return {
      id: this.id,
      openedMs: this.#openedMs,
      clientPort: this.#clientPort,
      dialled: this.#upstream !== undefined,
      upstreamBytes: upstream.bytes,
      downstreamBytes: downstream.bytes,
      lostBytes: upstream.lostBytes + downstream.lostBytes,
    };
  }

  #adopt(socket: Socket): void {
    this.#open++;
    // Whatever happens to a socket ends in 'close', where the pipes see it.
    socket.on('error', () => {});
    socket.on('close', () => {
      if (--this.#open > 0) return;
      this.pipes.upstream.discard();
      this.pipes.downstream.discard();
      this.#host.closed(this);
    });
  }
}
