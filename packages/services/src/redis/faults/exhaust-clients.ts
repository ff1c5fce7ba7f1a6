import { activeFault, ChaosError, type Fault } from '@chaos/spec';
import type { Redis } from 'ioredis';

/**
 * Lets the server accept no further client (`maxclients`): whoever connects is told so and hung up on; those that are
 * connected go on. Healing sets the limit back, by the connection that was open before. What it met are the clients
 * that were refused.
 */
export function exhaustClients(url: string): Fault {
  return {
    name: 'redis clients exhausted',
    async inject(signal) {
      signal.throwIfAborted();
      const { Redis } = await import('ioredis');
      const control = new Redis(url, { lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 });
      control.on('error', () => {});
      try {
        await control.connect();
        const limit = ((await control.config('GET', 'maxclients')) as string[])[1];
        if (limit === undefined)
          throw new ChaosError('FAULT_REFUSED', 'Cannot exhaust the clients of Redis: it has no setting maxclients');
        const before = await refusedBy(control);
        await control.config('SET', 'maxclients', '1');
        let met = 0;
        const heal = async (): Promise<void> => {
          // A server that was killed meanwhile has its limit back.
          await refusedBy(control).then(
            (refused) => (met = refused - before),
            () => {},
          );
          await control.config('SET', 'maxclients', limit).catch(() => {});
          control.disconnect();
        };
        return activeFault(heal, { met: () => ({ refused: met }) });
      } catch (error) {
        control.disconnect();
        throw error;
      }
    },
  };
}

async function refusedBy(control: Redis): Promise<number> {
  return Number(/^rejected_connections:(\d+)/m.exec(await control.info('stats'))?.[1] ?? 0);
}
