import { activeFault, type Fault, type Redis } from '../drivers/index.js';

/** Settings of the Redis server, in order, until it is healed; then they are as they were before. */
export function serverSetting(redis: Redis, settings: Readonly<Record<string, string>>): Fault {
  return {
    name: `redis ${Object.entries(settings)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}`,
    async inject() {
      const server = await redis.connect();
      const before: [string, string][] = [];
      for (const [name, value] of Object.entries(settings)) {
        const [, old = ''] = (await server.config('GET', name)) as string[];
        before.unshift([name, old]);
        await server.config('SET', name, value);
      }
      return activeFault(async () => {
        for (const [name, value] of before) await server.config('SET', name, value);
      });
    },
  };
}
