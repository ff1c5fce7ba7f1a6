import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { createProxy, type Address, type Proxy } from '@chaos/net-proxy';
import { createRandom } from '@chaos/stats';

/** A server that echoes, behind a proxy. */
export interface Echo extends AsyncDisposable {
  readonly proxy: Proxy;
}

/** A socket that remembers its events. */
export interface Peer {
  readonly socket: Socket;
  readonly events: string[];
  readonly closed: Promise<void>;
}

export async function openEcho(): Promise<Echo> {
  const accepted: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted.push(socket);
    socket.on('error', () => {}).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy = await createProxy({
    name: 'echo',
    listen: { host: '127.0.0.1', port: 0 },
    upstream: { host: '127.0.0.1', port },
    random: createRandom('echo'),
  });
  return {
    proxy,
    async [Symbol.asyncDispose]() {
      await proxy.close();
      for (const socket of accepted) socket.destroy();
      server.close();
    },
  };
}

export async function connectTo(address: Address): Promise<Peer> {
  const socket = connect({ ...address, allowHalfOpen: true, noDelay: true });
  const events: string[] = [];
  socket.on('end', () => events.push('end'));
  socket.on('error', (error: NodeJS.ErrnoException) => events.push(error.code ?? error.message));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await once(socket, 'connect');
  return { socket, events, closed };
}

/** Writes, and resolves to as many bytes as come back for it. */
export async function roundTrip(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  let answer = '';
  for await (const data of socket.iterator({ destroyOnReturn: false })) {
    answer += String(data);
    if (answer.length >= text.length) break;
  }
  return answer;
}

/** `connected`, or the code of the error. */
export async function connectCode(address: Address): Promise<string> {
  const socket = connect(address);
  try {
    await once(socket, 'connect');
    return 'connected';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  } finally {
    socket.destroy();
  }
}
