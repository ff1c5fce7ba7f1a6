import { expect, seeded, test } from '../drivers/index.js';
import { cachedKeys, timesToLive } from './cached-keys.js';
import { untilReadThroughRedis } from './until-read-through-redis.js';

// A cached document may live for so long, at most.
const LONGEST_MS = 3_600_000;
const LEFT_MS = 200;

test(
  'a cached value ends with its time to live',
  {
    id: 'C10',
    purpose: 'Every cached value expires, and once it has, nobody is given it: what changed elsewhere is seen then.',
    tag: ['@cache', '@expiry'],
    needs: ['read', 'tables', 'write'],
    services: ['postgres', 'redis'],
    catches: ['no-ttl'],
  },
  async ({ target, postgres, redis, load, config }) => {
    const { documents } = await target.tables();
    const key = seeded.document(2);
    const [old, changed] = ['cached and then changed elsewhere', 'changed elsewhere'];
    await target.write(key, old);
    const server = await redis.connect();
    await untilReadThroughRedis(target, key, server);
    const keys = await cachedKeys(server, old);
    if (keys.length === 0) test.inconclusive('No key of Redis holds what was read');
    for (const leftMs of await timesToLive(server, keys))
      expect({ leftMs, isBounded: leftMs > 0 && leftMs <= LONGEST_MS }).toBeInvariant({ leftMs, isBounded: true });

    await postgres.query(`UPDATE ${documents} SET body = $1 WHERE id = $2`, [changed, key]);
    for (const one of keys) await server.pexpire(one, LEFT_MS);
    let goneMs = Infinity;
    const untilGone = async (): Promise<void> => {
      while ((await server.exists(...keys)) > 0) await new Promise(setImmediate);
      goneMs = performance.now();
    };
    const reads = {
      run: async () => {
        const sentMs = performance.now();
        return { value: await target.read(key), sentMs };
      },
      right: ({ value, sentMs }: { value: string; sentMs: number }) =>
        value === changed || (value === old && sentMs < goneMs),
      concurrency: config.concurrentRequests,
    };
    // Whoever reads later fills the cache again, so these readers stop before.
    const [straddling] = await Promise.all([load.closed({ ...reads, durationMs: LEFT_MS / 2 }), untilGone()]);
    const after = await load.closed({ ...reads, operations: Math.max(100, config.concurrentRequests * 2) });
    expect(straddling).toHaveNoWrongResult();
    expect(after).toHaveNoWrongResult();
    expect(after).toHaveErrorRatioBelow(0.1);
  },
);
