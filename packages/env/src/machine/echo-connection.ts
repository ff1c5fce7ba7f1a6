import { once } from 'node:events';
import { createServer, connect, type AddressInfo } from 'node:net';

/** A TCP connection to our own echo server on loopback. */
export interface EchoConnection extends AsyncDisposable {
  /** Sends one byte and waits until it is back. */
  roundTrip(): Promise<void>;
}

/** Opens a real socket pair on 127.0.0.1. */
export async function openEchoConnection(signal: AbortSignal): Promise<EchoConnection> {
  const server = createServer({ noDelay: true }, (socket) => socket.on('error', () => socket.destroy()).pipe(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening', { signal });
  const client = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', noDelay: true });
  try {
    await once(client, 'connect', { signal });
  } catch (error) {
    client.destroy();
    server.close();
    throw error;
  }
  const byte = Buffer.of(1);
  return {
    roundTrip: () =>
      new Promise<void>((resolve, reject) => {
        client.once('error', reject).once('data', () => {
          client.off('error', reject);
          resolve();
        });
        client.write(byte);
      }),
    async [Symbol.asyncDispose]() {
      client.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
