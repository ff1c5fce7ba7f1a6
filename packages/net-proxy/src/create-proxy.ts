import { connect, type Socket } from 'node:net';
import type { LinkDirection } from '@chaos/spec';
import { createRandom } from '@chaos/stats';
import type { ActiveToxic } from './active-toxic.js';
import { checkAddress } from './check-address.js';
import { Connection, type ConnectionHost } from './connection.js';
import { Listener, SOCKET_BUFFER_BYTES } from './listener.js';
import type { Proxy, ProxyOptions, ProxyTotals } from './proxy.js';
import type { MomentaryToxic, RefusingToxic, SilencingToxic, Toxic } from './toxic.js';

const DIRECTIONS: readonly LinkDirection[] = ['upstream', 'downstream'];

/**
 * Starts a proxy in front of a TCP server; resolves when it listens. Without toxics it passes bytes, half-closes, resets and
 * back-pressure on as they are. Throws `RangeError` or `TypeError` for a bad address, `ChaosError` `PORT_TAKEN`.
 */
export async function createProxy(options: ProxyOptions): Promise<Proxy> {
  const { name, listen, upstream, random } = { random: createRandom(options.name), ...options };
  checkAddress('listen', listen, 0);
  checkAddress('upstream', upstream, 1);
  const seed = String(random.integer(0, Number.MAX_SAFE_INTEGER));
  const live = new Map<number, Connection>();
  const active = new Map<number, ActiveToxic>();
  const past = { upstreamBytes: 0, downstreamBytes: 0, lostBytes: 0 };
  let accepted = 0;
  let lastToxicId = 0;
  let closing: Promise<void> | undefined;
  let onEmpty: (() => void) | undefined;

  const host: ConnectionHost = {
    dial: () => dial(upstream),
    random: (connectionId, direction, toxicId) => createRandom(seed, String(connectionId), direction, String(toxicId)),
    closed: (connection) => {
      live.delete(connection.id);
      add(past, connection.info());
      if (live.size === 0) onEmpty?.();
    },
  };
  const silent = (): boolean =>
    DIRECTIONS.every((direction) => [...active.values()].some((one) => silences(one.toxic) && one.directions.includes(direction)));
  const refusing = (): boolean => [...active.values()].some((one) => refuses(one.toxic));

  const listener = new Listener(listen, (socket) => {
    const connection = new Connection(++accepted, socket, host);
    live.set(connection.id, connection);
    for (const { toxic, id, directions } of active.values()) connection.attach(toxic, id, directions);
    connection.start(!silent());
  });

  const remove = async (id: number): Promise<void> => {
    if (active.delete(id)) {
      const dialling = !silent();
      for (const connection of [...live.values()]) {
        if (dialling) connection.dial();
        connection.detach(id);
      }
    }
    if (closing === undefined && !refusing()) await listener.open();
  };

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
    toxics: () => [...active.values()],
    isClean: () => active.size === 0 && listener.listening,
    add(toxic, { direction } = {}) {
      if (closing !== undefined) throw new TypeError(`Cannot add ${toxic.type}: proxy ${name} is closed`);
      if (direction !== undefined && !DIRECTIONS.includes(direction)) {
        throw new TypeError(`Cannot add ${toxic.type}: current direction is ${JSON.stringify(direction)}, it must be upstream or downstream`);
      }
      const id = ++lastToxicId;
      const directions = direction === undefined ? DIRECTIONS : [direction];
      const added: ActiveToxic = { id, toxic, directions, remove: () => remove(id), [Symbol.asyncDispose]: () => remove(id) };
      if (!momentary(toxic)) active.set(id, added);
      if (refuses(toxic)) listener.shut();
      for (const connection of [...live.values()]) {
        connection.attach(toxic, id, directions);
        if (momentary(toxic)) connection.detach(id);
      }
      return added;
    },
    async clear() {
      const results = await Promise.allSettled([...active.keys()].map(remove));
      if (closing === undefined) await listener.open();
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    },
    close() {
      closing ??= new Promise<void>((resolve) => {
        listener.shut();
        onEmpty = resolve;
        for (const connection of [...live.values()]) connection.close();
        if (live.size === 0) resolve();
      });
      return closing;
    },
    [Symbol.asyncDispose]: () => proxy.close(),
  };
  await listener.open();
  return proxy;
}

function dial({ host, port }: ProxyOptions['upstream']): Socket {
  const options = { host, port, allowHalfOpen: true, noDelay: true, highWaterMark: SOCKET_BUFFER_BYTES };
  return connect(options);
}

function add(totals: { -readonly [Key in Exclude<keyof ProxyTotals, 'connections'>]: number }, part: Omit<ProxyTotals, 'connections'>): void {
  totals.upstreamBytes += part.upstreamBytes;
  totals.downstreamBytes += part.downstreamBytes;
  totals.lostBytes += part.lostBytes;
}

const refuses = (toxic: Toxic): boolean => (toxic as Partial<RefusingToxic>).refuses === true;
const silences = (toxic: Toxic): boolean => (toxic as Partial<SilencingToxic>).silences === true;
const momentary = (toxic: Toxic): boolean => (toxic as Partial<MomentaryToxic>).momentary === true;
