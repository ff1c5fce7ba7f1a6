import { expect, seeded, test } from '../drivers/index.js';
import { serverSetting } from './server-setting.js';
import { documentStorm } from './storm.js';
import { untilReadThroughRedis } from './until-read-through-redis.js';

test(
  'a Redis that takes no more writes stops nothing',
  {
    id: 'C14',
    purpose:
      'What cannot be cached is read from the database, and what cannot be invalidated is not read from the cache.',
    tag: ['@cache', '@memory'],
    needs: ['read', 'write'],
    services: ['redis'],
    catches: ['cache-error-reply-is-fatal'],
  },
  async ({ target, redis, inject, load, config }) => {
    const ids = [0, 1, 2, 3].map(seeded.document);
    const storm = documentStorm(target, { ids, writeShare: 0.2, concurrency: config.concurrentRequests });
    const steps = { ...storm.load, operations: Math.max(120, config.concurrentRequests * 3) };
    const server = await redis.connect();
    await load.warmUp({ run: () => target.read(ids[0] as string) });
    await untilReadThroughRedis(target, ids[0] as string, server);

    const full = await inject(serverSetting(redis, { 'maxmemory-policy': 'noeviction', maxmemory: '1' }));
    const refusal = await server.set('one-more', 'key').then(
      () => '',
      (error: unknown) => String(error),
    );
    if (!refusal.includes('OOM')) test.inconclusive(`Redis took a write: ${refusal}`);
    const during = await load.closed(steps);
    expect(during).toHaveNoWrongResult();
    expect(during).toHaveErrorRatioBelow(0.1);
    expect(during).toHaveLatencyBelow({ max: config.timeoutMs });
    await full.heal();

    await expect(() => untilReadThroughRedis(target, ids[0] as string, server)).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'reads through Redis',
    });
    const after = await load.closed(steps);
    expect(after).toHaveNoWrongResult();
    expect(after).toHaveErrorRatioBelow(0.1);
  },
);
