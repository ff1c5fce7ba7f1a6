import { expect, seeded, test } from '../drivers/index.js';
import { pausedWrites } from './paused-writes.js';
import { documentStorm } from './storm.js';
import { untilReadThroughRedis } from './until-read-through-redis.js';

test(
  'connections to Redis that are all busy delay nobody for long',
  {
    id: 'C09',
    purpose: 'Where every connection waits for an answer, requests give up in time, and go on without.',
    tag: ['@cache', '@outage', '@pool'],
    needs: ['metrics', 'read', 'write'],
    services: ['redis'],
    catches: ['no-redis-timeout'],
  },
  async ({ target, redis, inject, load, config }) => {
    const ids = [0, 1, 2, 3].map(seeded.document);
    const storm = documentStorm(target, { ids, writeShare: 0.2, concurrency: config.concurrentRequests });
    const steps = { ...storm.load, operations: Math.max(120, config.concurrentRequests * 3) };
    const server = await redis.connect();
    await load.warmUp({ run: () => target.read(ids[0] as string) });
    await untilReadThroughRedis(target, ids[0] as string, server);

    const { failures } = (await target.metrics()).cache;
    const busy = await inject(pausedWrites(redis, 60_000));
    const during = await load.closed(steps);
    if ((await target.metrics()).cache.failures === failures) test.inconclusive('No command of the target had to wait');
    expect(during).toHaveNoWrongResult();
    expect(during).toHaveErrorRatioBelow(0.1);
    expect(during).toHaveLatencyBelow({ max: config.timeoutMs });
    await busy.heal();

    await expect(() => untilReadThroughRedis(target, ids[0] as string, server)).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'reads through Redis',
    });
    const after = await load.closed(steps);
    expect(after).toHaveNoWrongResult();
    expect(after).toHaveErrorRatioBelow(0.1);
  },
);
