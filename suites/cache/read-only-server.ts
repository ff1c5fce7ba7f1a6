import { activeFault, type Fault, type Redis } from '../drivers/index.js';

/** Makes Redis the replica of a server that is not there: it refuses writes, and without `servesOldData` reads, too. */
export function readOnlyServer(redis: Redis, { servesOldData }: { readonly servesOldData: boolean }): Fault {
  return {
    name: `redis ${servesOldData ? 'READONLY' : 'MASTERDOWN'}`,
    async inject() {
      const server = await redis.connect();
      await server.config('SET', 'replica-serve-stale-data', servesOldData ? 'yes' : 'no');
      await server.call('REPLICAOF', '127.0.0.1', '1');
      return activeFault(async () => {
        await server.call('REPLICAOF', 'NO', 'ONE');
        await server.config('SET', 'replica-serve-stale-data', 'yes');
      });
    },
  };
}
