import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createRandom } from '@chaos/stats';
import { createProxy } from './create-proxy.js';
import type { Proxy } from './proxy.js';

/** A server with its proxy, and what came in on the server's side. */
export interface Rig extends AsyncDisposable {
  readonly proxy: Proxy;
  readonly server: Server;
  readonly accepted: Socket[];
  /** Connects through the proxy. */
  client(): Promise<Peer>;
  /** The socket at the server's end of the latest connection. */
  serverSide(): Promise<Socket>;
}

/** A socket that remembers its events. */
export interface Peer {
  readonly socket: Socket;
  readonly events: string[];
  readonly closed: Promise<void>;
}

export function watch(socket: Socket): Peer {
  const events: string[] = [];
  socket.on('end', () => events.push('end'));
  socket.on('error', (error: NodeJS.ErrnoException) => events.push(error.code ?? error.message));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return { socket, events, closed };
}

export const echo = (socket: Socket): void => {
  socket.pipe(socket);
};

export async function rig(serve: (socket: Socket) => void, seed = 'rig'): Promise<Rig> {
  const accepted: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    accepted.push(socket);
    server.emit('accepted');
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const upstream = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  const proxy = await createProxy({
    name: 'rig',
    listen: { host: '127.0.0.1', port: 0 },
    upstream,
    random: createRandom(seed),
  });
  const sockets: Socket[] = [];
  return {
    proxy,
    server,
    accepted,
    async client() {
      const peer = watch(connect({ ...proxy.listen, allowHalfOpen: true, noDelay: true }));
      sockets.push(peer.socket);
      await once(peer.socket, 'connect');
      return peer;
    },
    async serverSide() {
      if (accepted.length < sockets.length) await once(server, 'accepted');
      return accepted.at(-1) as Socket;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of [...sockets, ...accepted]) socket.destroy();
      await proxy.close();
      server.close();
    },
  };
}

/** Writes and waits for exactly as many bytes to come back. */
export function roundTrip(socket: Socket, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const onClose = (): void => reject(new Error('socket closed'));
    const onData = (data: Buffer): void => {
      answer += data.toString();
      if (answer.length < text.length) return;
      socket.off('data', onData).off('close', onClose);
      resolve(answer);
    };
    socket.on('data', onData).on('close', onClose);
    socket.write(text);
  });
}

/** The code of the error that a connect ends with, or `connected`. */
export async function connectCode(address: { readonly host: string; readonly port: number }): Promise<string> {
  const socket = connect(address);
  try {
    await once(socket, 'connect');
    return 'connected';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  } finally {
    socket.destroy();
  }
}

/** A port that stays occupied until it is released. */
export async function takePort(): Promise<{ readonly port: number; release(): Promise<void> } & AsyncDisposable> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  let released: Promise<unknown> | undefined;
  const release = async (): Promise<void> => {
    await (released ??= once(server.close(), 'close'));
  };
  return { port: (server.address() as AddressInfo).port, release, [Symbol.asyncDispose]: release };
}

/** A port that was free a moment ago, with no listener. */
export async function freePort(): Promise<number> {
  await using taken = await takePort();
  return taken.port;
}
