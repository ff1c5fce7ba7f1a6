import { activeFault, checkRange, type Fault } from '@chaos/spec';
import type { Client, ClientConfig } from 'pg';

/** Options of the fault `exhaustConnections`. */
export interface ExhaustOptions {
  /** Sessions that others may still open. Default 0. */
  readonly leave?: number;
}

const TOO_MANY = '53300';
const AT_ONCE = 8;

/**
 * Takes all sessions that the server still gives (`max_connections`): whoever connects afterwards is refused with
 * 53300. They end when the fault is healed, and when this process dies.
 */
export function exhaustConnections(connection: ClientConfig, { leave = 0 }: ExhaustOptions = {}): Fault {
  checkRange('leave', leave, { least: 0, most: 1000, whole: true });
  return {
    name: `postgres connections exhausted${leave > 0 ? ` but ${leave}` : ''}`,
    async inject(signal) {
      const { Client } = await import('pg');
      const clients: Client[] = [];
      const opened = (): Client =>
        new Client({ ...connection, application_name: 'chaos' }).on('error', () => {}) as Client;
      const close = async (some: readonly Client[]): Promise<void> =>
        void (await Promise.allSettled(some.map((client) => client.end())));
      try {
        for (let isFull = false; !isFull;) {
          signal.throwIfAborted();
          const batch = Array.from({ length: AT_ONCE }, () => opened());
          const results = await Promise.all(batch.map(async (client) => [client, await connects(client)] as const));
          for (const [client, isIn] of results) {
            if (isIn) clients.push(client);
            else isFull = true;
          }
        }
      } catch (error) {
        await close(clients);
        throw error;
      }
      await close(clients.splice(0, leave));
      return activeFault(() => close(clients));
    },
  };
}

async function connects(client: Client): Promise<boolean> {
  try {
    await client.connect();
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code !== TOO_MANY) throw error;
    return false;
  }
}
