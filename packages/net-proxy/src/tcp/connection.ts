import type { Socket } from 'node:net';
import type { LinkDirection } from '@chaos/spec';
import { Pipe, type PipeHost } from './pipe.js';
import { resetSocket } from './reset-socket.js';
import type { ToxicTarget } from '../toxic-target.js';

/** A live connection as data. */
export interface ConnectionInfo {
  /** Counts from 1 in the order of acceptance. */
  readonly id: number;
  /** Milliseconds since the Unix epoch. */
  readonly openedMs: number;
  readonly clientPort: number | undefined;
  /** True once the upstream was dialled; false while it is black-holed in both directions or a connect delay lasts. */
  readonly dialled: boolean;
  /** Bytes handed to the upstream. */
  readonly upstreamBytes: number;
  /** Bytes handed to the client. */
  readonly downstreamBytes: number;
  /** Bytes read from the client. */
  readonly upstreamReceivedBytes: number;
  /** Bytes read from the upstream. */
  readonly downstreamReceivedBytes: number;
  /** Bytes that toxics discarded. */
  readonly lostBytes: number;
}

/** The proxy, as seen by a connection. */
export interface ConnectionHost {
  dial(): Socket;
  at(dueMs: number, ring: () => void): () => void;
  dialFailed(error: Error): void;
  /** The upstream sent FIN or RST, or could not be dialled; called before the client hears of it. */
  upstreamEnds?(): void;
  closed(connection: Connection): void;
}

/** Time, ms, for the peer to close its half after we sent FIN. */
const LINGER_MS = 1000;

/** A client, its upstream, and the two pipes between them. */
export class Connection implements PipeHost, ToxicTarget {
  readonly id: number;
  readonly pipes: Readonly<Record<LinkDirection, Pipe>>;
  readonly #openedMs: number = Date.now();
  readonly #host: ConnectionHost;
  readonly #client: Socket;
  #clientPort: number | undefined;
  #upstream: Socket | undefined;
  #open = 0;
  #reading = false;
  #cancelDial: (() => void) | undefined;
  #linger: NodeJS.Timeout | undefined;

  constructor(id: number, client: Socket, host: ConnectionHost) {
    this.id = id;
    this.#client = client;
    this.#host = host;
    this.pipes = { upstream: new Pipe('upstream', this), downstream: new Pipe('downstream', this) };
    this.#adopt(client);
    this.pipes.downstream.to(client);
  }

  /**
   * Starts the connection, after toxics were attached. With `dial` it dials the upstream after `delayMs`, and reads
   * nothing before.
   */
  start(dial: boolean, delayMs: number): void {
    if (dial && delayMs > 0) {
      this.#cancelDial = this.#host.at(performance.now() + delayMs, () => this.dial());
      return;
    }
    if (dial) this.dial();
    else this.#read();
  }

  /** Dials the upstream if it was not dialled yet. Resets the client if that fails. */
  dial(): void {
    if (this.#upstream !== undefined || this.#client.destroyed) return;
    this.#cancelDial?.();
    this.#cancelDial = undefined;
    this.#upstream = this.#host.dial();
    this.#adopt(this.#upstream, (error) => this.#host.dialFailed(error));
    const { upstreamEnds } = this.#host;
    // Before the pipe's own listeners.
    if (upstreamEnds) this.#upstream.once('end', upstreamEnds).once('close', upstreamEnds);
    this.pipes.upstream.to(this.#upstream);
    this.pipes.downstream.from(this.#upstream);
    this.#read();
  }

  at(dueMs: number, ring: () => void): () => void {
    return this.#host.at(dueMs, ring);
  }

  /** RST to both sides. */
  reset(): void {
    resetSocket(this.#client);
    resetSocket(this.#upstream);
  }

  /**
   * Sends FIN to both sides. Bytes that still arrive are read and discarded, because closing with unread bytes would
   * send an RST.
   */
  hangUp(): void {
    if (this.#linger !== undefined) return;
    const sockets = this.#upstream === undefined ? [this.#client] : [this.#client, this.#upstream];
    this.#linger = setTimeout(() => sockets.forEach((socket) => socket.destroy()), LINGER_MS);
    this.#cancelDial?.();
    this.pipes.upstream.close();
    this.pipes.downstream.close();
    for (const socket of sockets) {
      if (!socket.destroyed) socket.end();
      socket.resume();
    }
  }

  /** Sends RST to both sides; cancels a pending dial. */
  close(): void {
    this.reset();
    if (this.#upstream?.connecting) this.#upstream.destroy();
  }

  info(): ConnectionInfo {
    const { upstream, downstream } = this.pipes;
    return {
      id: this.id,
      openedMs: this.#openedMs,
      // Read lazily: it takes a system call.
      clientPort: (this.#clientPort ??= this.#client.remotePort),
      dialled: this.#upstream !== undefined,
      upstreamBytes: upstream.bytes,
      downstreamBytes: downstream.bytes,
      upstreamReceivedBytes: upstream.receivedBytes,
      downstreamReceivedBytes: downstream.receivedBytes,
      lostBytes: upstream.lostBytes + downstream.lostBytes,
    };
  }

  #read(): void {
    if (this.#reading) return;
    this.#reading = true;
    this.pipes.upstream.from(this.#client);
  }

  #adopt(socket: Socket, onDialError?: (error: Error) => void): void {
    this.#open++;
    // Every failure of a socket ends in 'close', which the pipes handle.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (onDialError !== undefined && (error.syscall === 'connect' || error.syscall === 'getaddrinfo'))
        onDialError(error);
    });
    socket.on('close', () => {
      if (--this.#open > 0) return;
      this.#cancelDial?.();
      clearTimeout(this.#linger);
      this.pipes.upstream.chain.discard();
      this.pipes.downstream.chain.discard();
      this.#host.closed(this);
    });
  }
}
