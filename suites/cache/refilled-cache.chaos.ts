import { expect, seeded, test, until } from '../drivers/index.js';

const DOCUMENTS = 5;

test(
  'after an outage the cache serves as before, and is filled by one load a document',
  {
    id: 'C21',
    purpose: 'A cache that comes back empty is filled once, not by everyone, and then spares the database again.',
    tag: ['@cache', '@outage', '@stampede'],
    needs: ['metrics', 'read', 'write'],
    services: ['postgres', 'redis'],
    catches: ['stampede'],
  },
  async ({ target, redis, link, inject, load, config }) => {
    const ids = Array.from({ length: DOCUMENTS }, (_, index) => seeded.document(index));
    for (const id of ids) await target.write(id, `text of ${id}`);
    const operations = Math.max(200, config.concurrentRequests * 4);
    // Share of the reads that did not reach the database.
    const spared = async (): Promise<{ readonly ratio: number; readonly loads: number }> => {
      const before = (await target.metrics()).cache.loads;
      const result = await load.closed({
        run: async ({ random }) => {
          const id = random.pick(ids);
          return { id, text: await target.read(id) };
        },
        right: ({ id, text }) => text === `text of ${id}`,
        concurrency: config.concurrentRequests,
        operations,
      });
      expect(result).toHaveNoWrongResult();
      expect(result).toHaveErrorRatioBelow(0.1);
      const loads = (await target.metrics()).cache.loads - before;
      return { ratio: 1 - loads / operations, loads };
    };
    const isConnected = async (): Promise<boolean> => (await target.metrics()).cache.connected;
    await until('a cache in use', isConnected);
    await load.warmUp({ run: ({ iteration }) => target.read(ids[iteration % DOCUMENTS] as string) });
    const baseline = await spared();
    if (baseline.ratio < 0.5)
      test.inconclusive(`The cache spared only ${Math.round(baseline.ratio * 100)} % of the loads`);

    const outage = await inject(redis.kill());
    await spared();
    await outage.heal();
    const recovered = async (): Promise<void> => expect(await isConnected()).toBe(true);
    await expect(recovered).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'the cache' });
    const slow = await inject(link('target', 'postgres').latency({ latencyMs: 10 }));
    const refill = await spared();
    await slow.heal();
    const most = DOCUMENTS * 2;
    expect({ loads: refill.loads, areFew: refill.loads <= most }).toBeInvariant({ loads: refill.loads, areFew: true });
    expect((await spared()).ratio).toBeGreaterThanOrEqual(baseline.ratio * 0.8);
  },
);
