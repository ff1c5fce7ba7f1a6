import { Socket } from 'node:net';
import type { Client, ClientConfig } from 'pg';

/** Connects, calls `use`, disconnects. Aborting destroys the socket, so that a hanging server blocks nobody. */
export async function withClient<T>(
  connection: ClientConfig,
  signal: AbortSignal,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const { Client } = await import('pg');
  const socket = new Socket();
  const abort = (): void => void socket.destroy(signal.reason instanceof Error ? signal.reason : undefined);
  const client = new Client({
    options: '-c statement_timeout=0',
    ...connection,
    stream: () => socket,
    application_name: 'chaos',
  });
  // Without a listener the loss of an idle connection would end the process; the next query reports it anyway.
  client.on('error', () => {});
  signal.addEventListener('abort', abort, { once: true });
  try {
    await client.connect();
    const result = await use(client);
    await client.end();
    return result;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
