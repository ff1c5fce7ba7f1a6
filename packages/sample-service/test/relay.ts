import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP relay whose connections can be cut. */
export interface Relay extends AsyncDisposable {
  readonly port: number;
  /** Resets every connection; new ones pass. */
  cut(): void;
}

/** Relays to a port of 127.0.0.1. */
export async function startRelay(upstreamPort: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(upstreamPort, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream).pipe(client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => sockets.forEach((socket) => socket.resetAndDestroy());
  return {
    port: (server.address() as { port: number }).port,
    cut,
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
