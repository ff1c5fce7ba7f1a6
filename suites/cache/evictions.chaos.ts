import { expect, seeded, test } from '../drivers/index.js';
import { serverSetting } from './server-setting.js';
import { documentStorm } from './storm.js';
import { untilReadThroughRedis } from './until-read-through-redis.js';

test(
  'keys that Redis evicts cost loads, not correctness',
  {
    id: 'C13',
    purpose: 'Any key may vanish at any moment, also those that keep writes and fills apart.',
    tag: ['@cache', '@memory'],
    needs: ['read', 'write'],
    services: ['redis'],
    catches: ['no-invalidation', 'invalidate-before-commit'],
  },
  async ({ target, redis, link, inject, load, config }) => {
    const ids = [0, 1, 2, 3].map(seeded.document);
    const storm = documentStorm(target, { ids, writeShare: 0.2, concurrency: config.concurrentRequests });
    const steps = { ...storm.load, operations: Math.max(300, config.concurrentRequests * 6) };
    const server = await redis.connect();
    await load.warmUp({ run: () => target.read(ids[0] as string) });
    await untilReadThroughRedis(target, ids[0] as string, server);

    const evicted = async (): Promise<number> => Number(/^evicted_keys:(\d+)/m.exec(await server.info('stats'))?.[1]);
    const before = await evicted();
    const used = Number(/^used_memory:(\d+)/m.exec(await server.info('memory'))?.[1]);
    const scarce = await inject(
      serverSetting(redis, { 'maxmemory-policy': 'allkeys-random', maxmemory: String(used + 200_000) }),
    );
    const slow = await inject(link('target', 'postgres').latency({ latencyMs: 8, jitterMs: 8 }));
    let isOver = false;
    const others = async (): Promise<void> => {
      for (let key = 0; !isOver; key++) await server.set(`other-${key % 500}`, 'x'.repeat(10_000), 'PX', 60_000);
    };
    const [during] = await Promise.all([load.closed(steps).finally(() => (isOver = true)), others()]);
    if ((await evicted()) === before) test.inconclusive('Redis evicted nothing');
    expect(during).toHaveNoWrongResult();
    expect(during).toHaveErrorRatioBelow(0.1);
    await slow.heal();
    await scarce.heal();

    await expect(() => untilReadThroughRedis(target, ids[0] as string, server)).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'reads through Redis',
    });
    const after = await load.closed(steps);
    expect(after).toHaveNoWrongResult();
    expect(after).toHaveErrorRatioBelow(0.1);
  },
);
