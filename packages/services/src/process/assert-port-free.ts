import { once } from 'node:events';
import { createServer } from 'node:net';
import { EnvironmentError } from '@chaos/spec';

/** Throws `EnvironmentError` if a port of the loopback is in use. */
export async function assertPortFree(port: number, what: string): Promise<void> {
  const server = createServer();
  try {
    server.listen({ port, host: '127.0.0.1', exclusive: true });
    await once(server, 'listening');
  } catch (cause) {
    throw new EnvironmentError(
      `Cannot start ${what}: port ${port} of 127.0.0.1 is not free (${(cause as NodeJS.ErrnoException).code})`,
      { hint: 'End what listens there, or choose another port.', cause, data: { port } },
    );
  }
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
