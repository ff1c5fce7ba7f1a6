import { expect, seeded, test } from '../drivers/index.js';

import { documentStorm } from './storm.js';
import { untilReadThroughRedis } from './until-read-through-redis.js';

test(
  'latency, a restart of Redis and load together cost few requests',
  {
    id: 'C22',
    purpose: 'Whatever comes together: no value is older than an acknowledged write, and most requests succeed.',
    tag: ['@cache', '@combined'],
    needs: ['read', 'write'],
    services: ['redis'],
    catches: ['no-invalidation', 'no-redis-timeout'],
  },
  async ({ target, redis, link, inject, load, config }) => {
    const ids = [0, 1, 2, 3].map(seeded.document);
    const storm = documentStorm(target, { ids, writeShare: 0.2, concurrency: config.concurrentRequests });
    const steps = { ...storm.load, operations: Math.max(120, config.concurrentRequests * 3) };
    const server = await redis.connect();
    await load.warmUp({ run: () => target.read(ids[0] as string) });
    await untilReadThroughRedis(target, ids[0] as string, server);

    const slow = await Promise.all([
      inject(link('target', 'redis').latency({ latencyMs: 4, jitterMs: 4 })),
      inject(link('target', 'postgres').latency({ latencyMs: 8, jitterMs: 8 })),
    ]);
    const restart = async (): Promise<void> => {
      const outage = await inject(redis.restart());
      await load.closed({ ...steps, concurrency: 2, operations: 20 });
      await outage.heal();
    };
    const [during] = await Promise.all([load.closed({ ...steps, operations: steps.operations * 4 }), restart()]);
    expect(during).toHaveNoWrongResult();
    expect(during).toHaveSuccessRatioAtLeast(config.passRates.target / 100);
    for (const fault of slow) await fault.heal();

    await expect(() => untilReadThroughRedis(target, ids[0] as string, server)).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'reads through Redis',
    });
    const after = await load.closed(steps);
    expect(after).toHaveNoWrongResult();
    expect(after).toHaveErrorRatioBelow(0.1);
  },
);
