import { test, expect } from '@chaos/suite-drivers';
import { keyspaceHits } from './keyspace-hits.js';
import { untilReadThroughRedis } from './until-read-through-redis.js';

test(
  'reads survive a Redis outage',
  {
    id: 'C04',
    purpose: 'A cache outage may cost latency, never correctness.',
    tag: ['@cache', '@outage'],
    catches: ['cache-failure-is-fatal'],
    lock: ['host'],
  },
  async ({ target, link, redis, inject, load, config }) => {
    let { body } = await target.write('document-1', 'written before the outage');
    const read = {
      run: () => target.read('document-1'),
      right: (document: { body: string }) => document.body === body,
    };
    await load.warmUp(read);
    const server = await redis.connect();
    await untilReadThroughRedis(target, 'document-1', server, config);
    const baseline = await load.closed({ ...read, concurrency: config.concurrentRequests, durationMs: 400 });

    const outage = await inject(link('target', 'redis').cut());
    ({ body } = await target.write('document-1', 'written during the outage'));
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
      expect((await target.read('document-1')).body).toBeInvariant(body);
      expect(await keyspaceHits(server)).toBeGreaterThan(hits);
    };
    await expect(readThroughRedis).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      latencyMs: Math.max(50, baseline.latency.p99 * 2),
      what: 'reads through Redis',
    });
  },
);
