import { createServer } from 'node:net';

/** True if a listener can bind to this port of 127.0.0.1 now; found by trying. */
export function isBindable(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
