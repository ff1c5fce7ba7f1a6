import { keyspaceHits, seeded, test, expect } from '../drivers/index.js';

test(
  'a Redis that accepts no more clients is a cache that is lost, and no more',
  {
    id: 'R10',
    purpose: 'Refused by its cache the service answers from the database, and has the cache back when it may.',
    tag: ['@resource', '@outage'],
    needs: ['read', 'write'],
    services: ['redis'],
    catches: ['cache-failure-is-fatal'],
  },
  async ({ target, redis, link, inject, load, config }) => {
    const valueOf = (index: number): string => `value ${index}`;
    const { rows } = seeded;
    await Promise.all(Array.from({ length: rows }, (_, index) => target.write(seeded.document(index), valueOf(index))));
    const read = {
      run: async ({ iteration }: { iteration: number }) => ({
        index: iteration % rows,
        value: await target.read(seeded.document(iteration % rows)),
      }),
      right: ({ index, value }: { index: number; value: string }) => value === valueOf(index),
    };
    await load.warmUp(read);
    const server = await redis.connect();
    const hits = (): Promise<number> => keyspaceHits(server);
    const hitsOfOne = async (): Promise<number> => {
      const before = await hits();
      await target.read(seeded.document(0));
      return (await hits()) - before;
    };
    await expect
      .poll(hitsOfOne, { timeout: config.timeoutMs, message: 'hits of a cached document' })
      .toBeGreaterThan(0);

    const full = await inject(redis.exhaustClients());
    await inject(link('target', 'redis').reset());
    await expect.poll(hitsOfOne, { timeout: config.timeoutMs, message: 'hits without Redis' }).toBe(0);
    const during = await load.closed({ ...read, concurrency: 4, operations: 300 });
    expect(during).toHaveNoWrongResult();
    expect(during).toHaveErrorRatioBelow(0.01);
    // Written meanwhile: the cache must not bring the old value back.
    await target.write(seeded.document(1), valueOf(1));
    await full.heal();
    if ((full.met?.()?.['refused'] ?? 0) === 0) test.inconclusive('the target was not refused by Redis');

    await expect.poll(hitsOfOne, { timeout: config.timeoutMs, message: 'hits after the healing' }).toBeGreaterThan(0);
    const after = await load.closed({ ...read, concurrency: 4, operations: rows * 2 });
    expect(after).toHaveNoWrongResult();
    await expect(() => target.read(seeded.document(0))).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads' });
  },
);
