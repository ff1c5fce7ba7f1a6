import { test, expect, seeded } from '../drivers/index.js';

test(
  'increments that start together are all counted',
  {
    id: 'K01',
    purpose: 'Who changes a figure at the same time as others loses nothing of theirs.',
    tag: ['@concurrency', '@lost-update'],
    needs: ['count', 'increment'],
    services: ['postgres'],
    catches: ['read-then-write-balance'],
  },
  async ({ target, link, inject, load, config }) => {
    const rounds = Math.max(2, Math.ceil(config.iterations / 10));
    const increment = () => target.increment(seeded.counter);
    await load.warmUp({ run: increment });
    const before = await target.count(seeded.counter);

    // On a slow way to PostgreSQL all of them are under way at once, whatever they do between reading and writing.
    const slow = await inject(link('target', 'postgres').latency({ latencyMs: 5 }));
    const { results } = await load.startTogether(config.concurrentRequests, async () => {
      const values: unknown[] = [];
      for (let round = 0; round < rounds; round += 1) values.push(await increment());
      return values;
    });
    await slow.heal();
    await expect(() => target.count(seeded.counter)).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads' });

    expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect((await target.count(seeded.counter)) - before).toConserve(config.concurrentRequests * rounds);
    // Where the service tells the new value, each of them has seen a different one.
    const values = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    const told = values.filter((value) => typeof value === 'number');
    expect(told.length - new Set(told).size).toBeInvariant(0);
  },
);
