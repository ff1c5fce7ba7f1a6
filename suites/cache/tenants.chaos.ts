import { expect, outcomeOf, test } from '../drivers/index.js';
import { cachedKeys } from './cached-keys.js';

// Names that meet where they are joined without care.
const NAMES = [
  { tenant: 'red', id: 'plan' },
  { tenant: 'blue', id: 'plan' },
  { tenant: 'red', id: 'blue/plan' },
  { tenant: 'red/blue', id: 'plan' },
  { tenant: 'red:blue', id: 'plan' },
  { tenant: 'red', id: 'blue:plan' },
] as const;

test(
  'tenants never see documents of each other, whatever lies in the cache',
  {
    id: 'C16',
    purpose: 'Two documents with the same id, or with names that look alike when joined, stay two documents.',
    tag: ['@cache', '@tenants'],
    needs: ['read', 'tenantToken', 'write'],
    services: ['jwks', 'redis'],
    catches: ['key-without-tenant', 'trust-cached-bytes'],
  },
  async ({ target, redis, load, config }) => {
    const documents = await Promise.all(
      NAMES.map(async ({ tenant, id }) => ({
        id,
        text: `of ${tenant}, ${id}`,
        token: await target.tenantToken(tenant),
      })),
    );
    for (const { id, text, token } of documents) await target.write(id, text, { token });
    const reads = {
      run: async ({ worker, iteration }: { worker: number; iteration: number }) => {
        const { id, text, token } = documents[(worker + iteration) % documents.length]!;
        return { text, read: await target.read(id, { token }) };
      },
      right: ({ text, read }: { text: string; read: string }) => text === read,
      concurrency: config.concurrentRequests,
      operations: Math.max(100, config.concurrentRequests * 2),
    };
    const cold = await load.closed(reads);
    expect(cold).toHaveNoWrongResult();
    expect(cold).toHaveErrorRatioBelow(0.1);

    const server = await redis.connect();
    const keys = await Promise.all(documents.map(async ({ text }) => (await cachedKeys(server, `${text}"`))[0]));
    if (keys.includes(undefined)) test.inconclusive('Redis does not hold every document that was read');
    const values = await Promise.all(keys.map((key) => server.get(key as string)));
    for (let shift = 1; shift < keys.length; shift++) {
      for (const [index, key] of keys.entries())
        await server.set(key as string, values[(index + shift) % values.length] as string, 'PX', 60_000);
      const planted = await load.closed(reads);
      expect(planted).toHaveNoWrongResult();
      expect(planted).toHaveErrorRatioBelow(0.1);
    }
    const stranger = await target.tenantToken('green');
    expect(await target.read('plan', { token: stranger }).then(() => 'ok', outcomeOf)).toBeInvariant('rejected');
  },
);
