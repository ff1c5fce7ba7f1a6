import { createServer } from 'node:net';
import { EnvironmentError } from '@chaos/spec';

/** Throws `EnvironmentError` where something listens on 127.0.0.1:`port`: its answers would be taken for the target's. */
export async function requireFreePort(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new EnvironmentError(`Cannot start the target on port ${port}: ${cause.message}`, { cause, data: { port }, hint: 'End what listens there.' }));
    });
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()));
  });
}
