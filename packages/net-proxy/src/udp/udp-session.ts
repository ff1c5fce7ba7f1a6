import { createSocket, type Socket } from 'node:dgram';
import type { LinkDirection } from '@chaos/spec';
import type { Address } from '../tcp/listener.js';
import type { ToxicTarget } from '../toxic-target.js';
import { UdpPipe } from './udp-pipe.js';

/** A client of a UDP proxy as data. */
export interface UdpSessionInfo {
  /** Counts from 1 in the order of arrival. */
  readonly id: number;
  /** Milliseconds since the Unix epoch. */
  readonly openedMs: number;
  readonly clientHost: string;
  readonly clientPort: number;
  /** Datagrams handed on. */
  readonly upstreamPackets: number;
  readonly downstreamPackets: number;
  readonly lostPackets: number;
}

/** The proxy, as seen by a session. */
export interface UdpSessionHost {
  readonly upstream: Address;
  readonly six: boolean;
  readonly idleMs: number;
  at(dueMs: number, ring: () => void): () => void;
  answer(client: Address, data: Buffer): void;
  closed(session: UdpSession): void;
}

/**
 * A client of a UDP proxy, identified by its address, with its own socket to the upstream. Ends after a time without
 * traffic.
 */
export class UdpSession implements ToxicTarget {
  readonly id: number;
  readonly client: Address;
  readonly pipes: Readonly<Record<LinkDirection, UdpPipe>>;
  readonly #openedMs: number = Date.now();
  readonly #host: UdpSessionHost;
  readonly #socket: Socket;
  readonly #idle: NodeJS.Timeout;
  #cancelDial: (() => void) | undefined;
  #dialling = false;
  #ready = false;
  #ended = false;
  readonly #waiting: Buffer[] = [];

  constructor(id: number, client: Address, host: UdpSessionHost) {
    this.id = id;
    this.client = client;
    this.#host = host;
    this.pipes = { upstream: new UdpPipe('upstream', this), downstream: new UdpPipe('downstream', this) };
    this.#socket = createSocket(host.six ? 'udp6' : 'udp4');
    // A refused datagram (ICMP) is lost like any other.
    this.#socket.on('error', () => {});
    this.#socket.on('message', (data) => {
      this.#idle.refresh();
      this.pipes.downstream.enter(data);
    });
    this.#idle = setTimeout(() => this.end(), host.idleMs);
  }

  start(dial: boolean, delayMs: number): void {
    if (dial && delayMs > 0) this.#cancelDial = this.#host.at(performance.now() + delayMs, () => this.dial());
    else if (dial) this.dial();
  }

  dial(): void {
    if (this.#dialling || this.#ended) return;
    this.#dialling = true;
    this.#cancelDial?.();
    this.#socket.connect(this.#host.upstream.port, this.#host.upstream.host, () => {
      this.#ready = true;
      for (const data of this.#waiting.splice(0)) this.#socket.send(data);
    });
  }

  /** A datagram of the client. */
  take(data: Buffer): void {
    this.#idle.refresh();
    this.pipes.upstream.enter(data);
  }

  info(): UdpSessionInfo {
    const { upstream, downstream } = this.pipes;
    return {
      id: this.id,
      openedMs: this.#openedMs,
      clientHost: this.client.host,
      clientPort: this.client.port,
      upstreamPackets: upstream.packets,
      downstreamPackets: downstream.packets,
      lostPackets: upstream.lostPackets + downstream.lostPackets,
    };
  }

  at(dueMs: number, ring: () => void): () => void {
    return this.#host.at(dueMs, ring);
  }

  deliver(direction: LinkDirection, data: Buffer): void {
    if (this.#ended) return;
    if (direction === 'downstream') this.#host.answer(this.client, data);
    else if (this.#ready) this.#socket.send(data);
    else if (this.#waiting.length < MOST_WAITING) this.#waiting.push(data);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#idle);
    this.#cancelDial?.();
    this.#socket.close();
    this.pipes.upstream.chain.discard();
    this.pipes.downstream.chain.discard();
    this.#host.closed(this);
  }
}

/** Datagrams kept until the upstream's name is resolved. */
const MOST_WAITING = 1000;
