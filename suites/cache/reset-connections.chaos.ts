import { expect, seeded, test } from '../drivers/index.js';

import { documentStorm } from './storm.js';
import { untilReadThroughRedis } from './until-read-through-redis.js';

// Attempts to connect may follow each other so quickly.
const MOST_OFTEN_MS = 50;

test(
  'connections to Redis that end in mid-command bring no wrong answer and no herd',
  {
    id: 'C08',
    purpose: 'A connection that breaks off is replaced after a pause that grows, and half an answer is none.',
    tag: ['@cache', '@network', '@protocol'],
    needs: ['read', 'write'],
    services: ['redis'],
    catches: ['redis-reconnect-without-backoff', 'cache-failure-is-fatal'],
  },
  async ({ target, redis, link, inject, load, config }) => {
    const ids = [0, 1, 2, 3].map(seeded.document);
    const storm = documentStorm(target, { ids, writeShare: 0.2, concurrency: config.concurrentRequests });
    const steps = { ...storm.load, operations: Math.max(120, config.concurrentRequests * 3) };
    const server = await redis.connect();
    await load.warmUp({ run: () => target.read(ids[0] as string) });
    await untilReadThroughRedis(target, ids[0] as string, server);

    for (const bytes of [900, 2500, 6000]) {
      const broken = await inject(link('target', 'redis').limitData({ bytes }));
      await inject(link('target', 'redis').reset(), { mayMeetNothing: 'the target may be between two connections' });
      const during = await load.closed(steps);
      expect(during).toHaveNoWrongResult();
      expect(during).toHaveErrorRatioBelow(0.1);
      await broken.heal();
    }
    // Connected again, so that its pauses begin anew.
    await untilReadThroughRedis(target, ids[0] as string, server);
    // A port that is closed hides who knocks; one that hangs up counts them.
    const refusing = await inject(link('target', 'redis').limitData({ bytes: 1 }));
    await inject(link('target', 'redis').reset());
    const startedMs = performance.now();
    const during = await load.closed({ ...storm.load, durationMs: 800 });
    const most = 5 + Math.ceil((performance.now() - startedMs) / MOST_OFTEN_MS);
    await refusing.heal();
    const attempts = refusing.met?.()?.connections ?? 0;
    expect(during).toHaveNoWrongResult();
    expect(during).toHaveErrorRatioBelow(0.1);
    if (attempts === 0) test.inconclusive('The target did not try to connect');
    expect({ attempts, areFew: attempts <= most }).toBeInvariant({ attempts, areFew: true });

    await expect(() => untilReadThroughRedis(target, ids[0] as string, server)).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'reads through Redis',
    });
    const after = await load.closed(steps);
    expect(after).toHaveNoWrongResult();
    expect(after).toHaveErrorRatioBelow(0.1);
  },
);
