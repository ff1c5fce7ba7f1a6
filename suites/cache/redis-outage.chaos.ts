import { keyspaceHits, seeded, test, expect } from '../drivers/index.js';
import { untilReadThroughRedis } from './until-read-through-redis.js';

test(
  'reads survive a Redis outage',
  {
    id: 'C04',
    purpose: 'A cache outage may cost latency, never correctness.',
    tag: ['@cache', '@outage'],
    needs: ['read', 'write'],
    services: ['redis'],
    catches: ['cache-failure-is-fatal'],
    lock: ['host'],
  },
  async ({ target, link, redis, inject, load, config }) => {
    const key = seeded.document(1);
    let written = 'written before the outage';
    await target.write(key, written);
    const read = { run: () => target.read(key), right: (value: string) => value === written };
    await load.warmUp(read);
    const server = await redis.connect();
    await untilReadThroughRedis(target, key, server);
    const baseline = await load.closed({ ...read, concurrency: config.concurrentRequests, durationMs: 400 });

    const outage = await inject(link('target', 'redis').cut());
    written = 'written during the outage';
    await target.write(key, written);
    // As many as are needed to judge an error ratio of 1 %.
    const during = await load.closed({
      ...read,
      concurrency: config.concurrentRequests,
      operations: Math.max(300, config.concurrentRequests * 10),
    });
    expect(during).toHaveErrorRatioBelow(0.01);
    expect(during).toHaveNoWrongResult();

    await outage.heal();
    // Redis still holds what was read before the outage. The target is healthy again when it reads through Redis, so
    // wait for that.
    const readThroughRedis = async (): Promise<void> => {
      const hits = await keyspaceHits(server);
      expect(await target.read(key)).toBeInvariant(written);
      expect(await keyspaceHits(server)).toBeGreaterThan(hits);
    };
    await expect(readThroughRedis).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      latencyMs: Math.max(50, baseline.latency.p99 * 2),
      what: 'reads through Redis',
    });
  },
);
