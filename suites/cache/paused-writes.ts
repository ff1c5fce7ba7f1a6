import { activeFault, type Fault, type Redis } from '../drivers/index.js';

/** Lets commands that write wait, each on its connection, with all that come behind it on the same one. */
export function pausedWrites(redis: Redis, maxMs: number): Fault {
  return {
    name: 'redis CLIENT PAUSE WRITE',
    async inject() {
      const server = await redis.connect();
      await server.call('CLIENT', 'PAUSE', String(maxMs), 'WRITE');
      return activeFault(async () => void (await server.call('CLIENT', 'UNPAUSE')));
    },
  };
}
