import { connect, type Socket } from 'node:net';
import { createRandom } from '@chaos/stats';
import { Alarm } from './alarm.js';
import { checkAddress } from './check-address.js';
import { connectError } from './connect-error.js';
import { Connection, type ConnectionHost } from './connection.js';
import { Listener, SOCKET_BUFFER_BYTES } from './listener.js';
import type { Proxy, ProxyOptions, ProxyTotals } from './proxy.js';
import type { DatagramToxic } from './toxic.js';
import { ToxicSet } from './toxic-set.js';
import { UpstreamWatch } from './upstream-watch.js';

/**
 * Starts a proxy in front of a TCP server; resolves when it listens. Without toxics it passes bytes, half-closes,
 * resets and back-pressure on as they are. Throws `RangeError` or `TypeError` for a bad address, `ChaosError`
 * `PORT_TAKEN`.
 */
export async function createProxy(options: ProxyOptions): Promise<Proxy> {
  const {
    name,
    listen,
    upstream,
    random,
    toxics: initial,
    retryListenMs,
    onEvent,
    refuseWhileDown,
  }: Required<Omit<ProxyOptions, Silent>> & Pick<ProxyOptions, Silent> = {
    random: createRandom(options.name),
    toxics: [],
    retryListenMs: 2000,
    ...options,
  };
  checkAddress('listen', listen, 0);
  checkAddress('upstream', upstream, 1);
  const live = new Map<number, Connection>();
  const past = {
    upstreamBytes: 0,
    downstreamBytes: 0,
    upstreamReceivedBytes: 0,
    downstreamReceivedBytes: 0,
    lostBytes: 0,
  };
  const alarm = new Alarm();
  let accepted = 0;
  let ready = false;
  let closing: Promise<void> | undefined;
  let onEmpty: (() => void) | undefined;

  const watch =
    refuseWhileDown && new UpstreamWatch(upstream, refuseWhileDown.everyMs, () => void gate().catch(() => {}));
  const gate = async (): Promise<void> => {
    if (toxics.refusing() || watch?.down === true) listener.shut();
    else if (ready && closing === undefined) await listener.open();
  };
  const host: ConnectionHost = {
    dial: () => dial(upstream),
    at: (dueMs, ring) => alarm.at(dueMs, ring),
    dialFailed: (error) => {
      onEvent?.({ type: 'connection-failed', error: connectError('dial', error, upstream) });
      watch?.failed();
    },
    closed: (connection) => {
      live.delete(connection.id);
      const info = connection.info();
      add(past, info);
      onEvent?.({ type: 'connection-closed', connection: info });
      if (live.size === 0) onEmpty?.();
    },
  };
  const toxics = new ToxicSet({
    seed: String(random.integer(0, Number.MAX_SAFE_INTEGER)),
    live: () => live.values(),
    expired: (toxic, error) => onEvent?.({ type: 'toxic-expired', toxic, ...(error !== undefined && { error }) }),
    gate,
  });
  const welcome = (socket: Socket): void => {
    const connection = new Connection(++accepted, socket, host);
    live.set(connection.id, connection);
    try {
      toxics.welcome(connection);
    } catch (error) {
      // Of this one alone: the others, and the process, have no part in it.
      connection.close();
      const cause = error instanceof Error ? error : new Error(String(error));
      onEvent?.({ type: 'connection-failed', error: connectError('accept', cause, listener.address) });
      return;
    }
    onEvent?.({ type: 'connection-opened', connection: connection.info() });
  };
  const listener = new Listener(listen, retryListenMs, welcome, (error) =>
    onEvent?.({ type: 'connection-failed', error: connectError('accept', error, listener.address) }),
  );

  const proxy: Proxy = {
    name,
    get listen() {
      return listener.address;
    },
    upstream,
    connections: () => live.size,
    list: () => [...live.values()].map((connection) => connection.info()),
    totals() {
      const totals = { connections: accepted, ...past };
      for (const connection of live.values()) add(totals, connection.info());
      return totals;
    },
    toxics: () => toxics.list(),
    isClean: () => toxics.list().length === 0 && listener.listening,
    add(toxic, settings = {}) {
      if (closing !== undefined) throw new TypeError(`Cannot add ${toxic.type}: proxy ${name} is closed`);
      if ((toxic as Partial<DatagramToxic>).datagramsOnly)
        throw new TypeError(
          `Cannot add ${toxic.type}: it is for datagrams, and proxy ${name} carries a stream of bytes`,
        );
      return toxics.add(toxic, settings);
    },
    kill(id) {
      const connection = live.get(id);
      connection?.close();
      return connection !== undefined;
    },
    async clear() {
      const results = await Promise.allSettled(toxics.list().map((toxic) => toxic.remove()));
      await gate();
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    },
    close() {
      closing ??= new Promise<void>((resolve) => {
        toxics.stop();
        watch?.close();
        listener.shut();
        onEmpty = resolve;
        for (const connection of [...live.values()]) connection.close();
        if (live.size === 0) resolve();
      });
      return closing;
    },
    [Symbol.asyncDispose]: () => proxy.close(),
  };
  try {
    for (const { toxic, ...settings } of initial) toxics.add(toxic, settings);
    ready = true;
    await gate();
  } catch (error) {
    toxics.stop();
    throw error;
  }
  return proxy;
}

/** Options without which nothing is told, and nothing watched. */
type Silent = 'onEvent' | 'refuseWhileDown';

function dial({ host, port }: ProxyOptions['upstream']): Socket {
  const options = { host, port, allowHalfOpen: true, noDelay: true, highWaterMark: SOCKET_BUFFER_BYTES };
  return connect(options);
}

function add(
  totals: { -readonly [Key in Exclude<keyof ProxyTotals, 'connections'>]: number },
  part: Omit<ProxyTotals, 'connections'>,
): void {
  totals.upstreamBytes += part.upstreamBytes;
  totals.downstreamBytes += part.downstreamBytes;
  totals.upstreamReceivedBytes += part.upstreamReceivedBytes;
  totals.downstreamReceivedBytes += part.downstreamReceivedBytes;
  totals.lostBytes += part.lostBytes;
}
