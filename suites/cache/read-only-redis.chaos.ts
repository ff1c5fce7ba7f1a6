import { expect, seeded, test } from '../drivers/index.js';
import { readOnlyServer } from './read-only-server.js';
import { documentStorm } from './storm.js';
import { untilReadThroughRedis } from './until-read-through-redis.js';

test(
  'a Redis that is read-only, or has no data yet, is a miss',
  {
    id: 'C19',
    purpose: 'During a failover a cache refuses writes or reads: neither fails a request, nor lets an old value live.',
    tag: ['@cache', '@failover'],
    needs: ['read', 'write'],
    services: ['redis'],
    catches: ['cache-failure-is-fatal', 'no-invalidation-while-redis-is-down'],
  },
  async ({ target, redis, inject, load, config }) => {
    const ids = [0, 1, 2, 3].map(seeded.document);
    const storm = documentStorm(target, { ids, writeShare: 0.2, concurrency: config.concurrentRequests });
    const steps = { ...storm.load, operations: Math.max(120, config.concurrentRequests * 3) };
    const server = await redis.connect();
    await load.warmUp({ run: () => target.read(ids[0] as string) });
    await untilReadThroughRedis(target, ids[0] as string, server);

    for (const servesOldData of [true, false]) {
      const failover = await inject(readOnlyServer(redis, { servesOldData }));
      const refusal = await server.set('one-more', 'key').then(
        () => '',
        (error: unknown) => String(error),
      );
      if (refusal === '') test.inconclusive('Redis took a write');
      const during = await load.closed(steps);
      expect(during).toHaveNoWrongResult();
      expect(during).toHaveErrorRatioBelow(0.1);
      expect(during).toHaveLatencyBelow({ max: config.timeoutMs });
      await failover.heal();
    }

    await expect(() => untilReadThroughRedis(target, ids[0] as string, server)).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'reads through Redis',
    });
    const after = await load.closed(steps);
    expect(after).toHaveNoWrongResult();
    expect(after).toHaveErrorRatioBelow(0.1);
  },
);
