import { expect, seeded, test } from '../drivers/index.js';

import { documentStorm } from './storm.js';
import { untilReadThroughRedis } from './until-read-through-redis.js';

test(
  'a Redis that hangs, and then goes on, mixes up no answers',
  {
    id: 'C07',
    purpose: 'Requests do not wait for it, and what it says late is no answer to anybody.',
    tag: ['@cache', '@outage', '@protocol'],
    needs: ['metrics', 'read', 'write'],
    services: ['redis'],
    catches: ['no-redis-timeout', 'cache-failure-is-fatal'],
  },
  async ({ target, redis, inject, load, config }) => {
    const ids = [0, 1, 2, 3].map(seeded.document);
    const storm = documentStorm(target, { ids, writeShare: 0.2, concurrency: config.concurrentRequests });
    const steps = { ...storm.load, operations: Math.max(120, config.concurrentRequests * 3) };
    const server = await redis.connect();
    await load.warmUp({ run: () => target.read(ids[0] as string) });
    await untilReadThroughRedis(target, ids[0] as string, server);

    const { failures } = (await target.metrics()).cache;
    for (let round = 0; round < 2; round++) {
      const hanging = await inject(redis.stop());
      const during = await load.closed(steps);
      expect(during).toHaveLatencyBelow({ max: config.timeoutMs });
      const [overlapping] = await Promise.all([load.closed(steps), hanging.heal()]);
      for (const result of [during, overlapping]) {
        expect(result).toHaveNoWrongResult();
        expect(result).toHaveErrorRatioBelow(0.1);
      }
    }
    if ((await target.metrics()).cache.failures === failures)
      test.inconclusive('No command of the target met the stop');

    await expect(() => untilReadThroughRedis(target, ids[0] as string, server)).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'reads through Redis',
    });
    const after = await load.closed(steps);
    expect(after).toHaveNoWrongResult();
    expect(after).toHaveErrorRatioBelow(0.1);
  },
);
