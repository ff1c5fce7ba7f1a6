import { connect, type Socket } from 'node:net';
import { createRandom } from '@chaos/stats';
import type { ActiveToxic, AddOptions } from '../active-toxic.js';
import { Alarm } from '../timing/alarm.js';
import { connectError } from './connect-error.js';
import { Connection, type ConnectionHost, type ConnectionInfo } from './connection.js';
import { Listener, SOCKET_BUFFER_BYTES, type Address } from './listener.js';
import { ProxyCore } from '../proxy-core.js';
import type { Proxy, ProxyOptions, ProxyTotals } from '../proxy.js';
import type { DatagramToxic, Toxic } from '../toxic.js';
import { UpstreamWatch } from './upstream-watch.js';

type Sums = { -readonly [Key in Exclude<keyof ProxyTotals, 'connections'>]: number };

/** A proxy of TCP connections. Listens once its core is started. */
export class TcpProxy implements Proxy {
  readonly name: string;
  readonly upstream: Address;
  readonly core: ProxyCore;
  readonly #listener: Listener;
  readonly #watch: UpstreamWatch | undefined;
  readonly #onEvent: ProxyOptions['onEvent'];
  readonly #host: ConnectionHost;
  readonly #live: Map<number, Connection> = new Map();
  readonly #past: Sums = {
    upstreamBytes: 0,
    downstreamBytes: 0,
    upstreamReceivedBytes: 0,
    downstreamReceivedBytes: 0,
    lostBytes: 0,
  };
  #accepted = 0;
  #closing: Promise<void> | undefined;
  #onEmpty: (() => void) | undefined;

  constructor(options: ProxyOptions) {
    const { name, listen, upstream, random = createRandom(name), onEvent, refuseWhileDown } = options;
    this.name = name;
    this.upstream = upstream;
    this.#onEvent = onEvent;
    this.#host = this.#connectionHost(options);
    this.#watch =
      refuseWhileDown &&
      new UpstreamWatch(upstream, refuseWhileDown.everyMs, () => void this.core.gate().catch(() => {}));
    this.#listener = new Listener(
      listen,
      options.retryListenMs ?? 2000,
      (socket) => this.#welcome(socket),
      (error) => this.#acceptFailed(error),
    );
    this.core = new ProxyCore({
      name,
      listen,
      upstream,
      random,
      onEvent,
      listener: this.#listener,
      live: () => this.#live.values(),
      shut: () => this.#watch?.down === true,
      ...(options.upstreamGone && { upstreamGone: options.upstreamGone }),
    });
  }

  get listen(): Address {
    return this.#listener.address;
  }

  connections(): number {
    return this.#live.size;
  }

  list(): readonly ConnectionInfo[] {
    return [...this.#live.values()].map((connection) => connection.info());
  }

  totals(): ProxyTotals {
    const totals = { connections: this.#accepted, ...this.#past };
    for (const connection of this.#live.values()) add(totals, connection.info());
    return totals;
  }

  toxics(): readonly ActiveToxic[] {
    return this.core.toxics.list();
  }

  isClean(): boolean {
    return this.core.isClean();
  }

  add(toxic: Toxic, settings: AddOptions = {}): ActiveToxic {
    if ((toxic as Partial<DatagramToxic>).datagramsOnly && this.#closing === undefined)
      throw new TypeError(
        `Cannot add ${toxic.type}: it is for datagrams, and proxy ${this.name} carries a stream of bytes`,
      );
    return this.core.add(toxic, settings);
  }

  kill(id: number): boolean {
    const connection = this.#live.get(id);
    connection?.close();
    return connection !== undefined;
  }

  async askUpstream(): Promise<void> {
    await this.#watch?.look();
    await this.core.gate();
  }

  clear(): Promise<void> {
    return this.core.clear();
  }

  close(): Promise<void> {
    this.#closing ??= new Promise<void>((resolve) => {
      this.core.close();
      this.#watch?.close();
      this.#onEmpty = resolve;
      for (const connection of [...this.#live.values()]) connection.close();
      if (this.#live.size === 0) resolve();
    });
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #connectionHost({ upstreamGone, chooseUpstream: choose }: ProxyOptions): ConnectionHost {
    const alarm = new Alarm();
    return {
      ...(upstreamGone && {
        upstreamEnds: () => {
          if (upstreamGone()) this.#listener.shut();
        },
      }),
      dial: () => dial(choose?.() ?? this.upstream),
      at: (dueMs, ring) => alarm.at(dueMs, ring),
      dialFailed: (error) => {
        this.#onEvent?.({ type: 'connection-failed', error: connectError('dial', error, this.upstream) });
        this.#watch?.failed();
      },
      closed: (connection) => {
        this.#live.delete(connection.id);
        const info = connection.info();
        add(this.#past, info);
        this.#onEvent?.({ type: 'connection-closed', connection: info });
        if (this.#live.size === 0) this.#onEmpty?.();
      },
    };
  }

  #welcome(socket: Socket): void {
    const connection = new Connection(++this.#accepted, socket, this.#host);
    this.#live.set(connection.id, connection);
    try {
      this.core.toxics.welcome(connection);
    } catch (error) {
      // The error concerns this connection alone, not the others and not the process.
      connection.close();
      this.#acceptFailed(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.#onEvent?.({ type: 'connection-opened', connection: connection.info() });
  }

  #acceptFailed(error: Error): void {
    this.#onEvent?.({ type: 'connection-failed', error: connectError('accept', error, this.#listener.address) });
  }
}

function dial({ host, port }: Address): Socket {
  const options = { host, port, allowHalfOpen: true, noDelay: true, highWaterMark: SOCKET_BUFFER_BYTES };
  return connect(options);
}

function add(totals: Sums, part: Sums): void {
  totals.upstreamBytes += part.upstreamBytes;
  totals.downstreamBytes += part.downstreamBytes;
  totals.upstreamReceivedBytes += part.upstreamReceivedBytes;
  totals.downstreamReceivedBytes += part.downstreamReceivedBytes;
  totals.lostBytes += part.lostBytes;
}
