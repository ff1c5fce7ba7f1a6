import { notStarved, test, expect, seeded } from '../drivers/index.js';

test(
  'documents in the cache are read while PostgreSQL is cut off',
  {
    id: 'N13',
    purpose: 'A partition from PostgreSQL costs what needs it: the cache goes on, the rest is refused in time.',
    tag: ['@network', '@partition'],
    needs: ['metrics', 'read', 'total', 'write'],
    services: ['postgres', 'redis'],
    catches: ['no-reconnect'],
  },
  async ({ target, link, inject, load, config }) => {
    const { rows } = seeded;
    const total = await target.total();
    const valueOf = (index: number): string => `cached ${index}`;
    await Promise.all(Array.from({ length: rows }, (_, index) => target.write(seeded.document(index), valueOf(index))));
    const cached = {
      run: async ({ iteration }: { iteration: number }) => ({
        index: iteration % rows,
        value: await target.read(seeded.document(iteration % rows)),
      }),
      right: ({ index, value }: { index: number; value: string }) => value === valueOf(index),
    };
    const fresh = { run: () => target.total(), right: (value: number) => value === total };
    await load.warmUp(fresh);
    const hits = async (): Promise<number> => (await target.metrics()).cache.hits;
    const hitsOfAll = async (): Promise<number> => {
      const before = await hits();
      for (let index = 0; index < rows; index++) await target.read(seeded.document(index));
      return (await hits()) - before;
    };
    await expect.poll(hitsOfAll, { timeout: config.timeoutMs, message: 'documents that are in the cache' }).toBe(rows);

    const unlessStarved = await notStarved(target);
    const partition = await inject(link('target', 'postgres').cut({ mode: 'blackhole' }));
    const [reads, others] = await Promise.all([
      load.closed({ ...cached, concurrency: 4, operations: 300 }),
      load.closed({ ...fresh, concurrency: config.concurrentRequests, operations: config.concurrentRequests }),
    ]);
    expect(reads).toHaveNoWrongResult();
    if (reads.counts.ok < reads.operations)
      await unlessStarved(`${reads.operations - reads.counts.ok} reads of cached documents failed`);
    expect(reads).toHaveErrorRatioBelow(0.01);
    expect(others.counts.wrong).toBeInvariant(0);
    if (others.counts.timeout > 0) await unlessStarved(`${others.counts.timeout} requests outlasted their client`);
    expect(others.counts).toMatchObject({ ok: 0, timeout: 0 });
    expect(others).toHaveLatencyBelow({ max: config.timeoutMs, outcome: 'any' });

    await partition.heal();
    await expect(fresh.run).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads from PostgreSQL' });
    expect(await target.total()).toConserve(total);
  },
);
