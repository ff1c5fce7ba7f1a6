import { expect, seeded, test } from '../drivers/index.js';
import { documentStorm } from './storm.js';
import { untilReadThroughRedis } from './until-read-through-redis.js';

test(
  'a Redis slower than its time-out costs that time, not its own',
  {
    id: 'C05',
    purpose: 'Who waits for a cache longer than for the database has no cache: the wait is bounded.',
    tag: ['@cache', '@latency'],
    needs: ['read', 'write'],
    services: ['redis'],
    catches: ['no-redis-timeout', 'cache-failure-is-fatal'],
  },
  async ({ target, redis, link, inject, load, config }) => {
    const ids = [0, 1, 2, 3].map(seeded.document);
    const storm = documentStorm(target, { ids, writeShare: 0.1, concurrency: config.concurrentRequests });
    const server = await redis.connect();
    await load.warmUp({ run: () => target.read(ids[0] as string) });
    await untilReadThroughRedis(target, ids[0] as string, server);

    const slow = await inject(link('target', 'redis').latency({ latencyMs: config.timeoutMs * 2 }));
    const during = await load.closed({ ...storm.load, operations: Math.max(100, config.concurrentRequests * 3) });
    expect(during).toHaveNoWrongResult();
    expect(during).toHaveErrorRatioBelow(0.1);
    expect(during).toHaveLatencyBelow({ max: config.timeoutMs });

    await slow.heal();
    await expect(() => untilReadThroughRedis(target, ids[0] as string, server)).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'reads through Redis',
    });
    const after = await load.closed({ ...storm.load, operations: 100 });
    expect(after).toHaveNoWrongResult();
  },
);
