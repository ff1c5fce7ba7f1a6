import { expect, seeded, test } from '../drivers/index.js';

import { documentStorm } from './storm.js';
import { untilReadThroughRedis } from './until-read-through-redis.js';

test(
  'a Redis that comes back empty is filled again, with nothing old',
  {
    id: 'C06',
    purpose: 'Whatever was cached is gone: the database answers, and the cache fills from it.',
    tag: ['@cache', '@outage', '@restart'],
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

    for (const fault of [redis.kill(), redis.restart()]) {
      const outage = await inject(fault);
      const during = await load.closed(steps);
      await outage.heal();
      expect(during).toHaveNoWrongResult();
      expect(during).toHaveErrorRatioBelow(0.1);
      if ((await server.dbsize()) > ids.length * 4) test.inconclusive('Redis did not come back empty');
      const refilled = await load.closed(steps);
      expect(refilled).toHaveNoWrongResult();
      expect(refilled).toHaveErrorRatioBelow(0.1);
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
