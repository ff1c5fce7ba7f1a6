import { test, expect, seeded } from '@chaos/suite-drivers';

test(
  'no request outlives its time-out when packets vanish',
  {
    id: 'N05',
    purpose: 'Silence of PostgreSQL and Redis may cost a request, never a hung one.',
    tag: ['@network', '@timeout'],
    catches: ['no-reconnect'],
  },
  async ({ target, link, inject, load, config }) => {
    const total = await target.total();
    const rows = seeded.rows({ config });
    const request = {
      run: async ({ worker, iteration }: { worker: number; iteration: number }): Promise<unknown> => {
        const index = (worker + iteration) % rows;
        if (worker % 2 === 0) return target.read(seeded.document(index));
        return target.transfer(seeded.account(index), seeded.account((index + 1) % rows), 1);
      },
    };
    await load.warmUp(request);

    const silences = [
      await inject(link('target', 'postgres').cut({ mode: 'blackhole' })),
      await inject(link('target', 'redis').cut({ mode: 'blackhole' })),
    ];
    const during = await load.closed({
      ...request,
      concurrency: config.concurrentRequests,
      operations: config.concurrentRequests,
    });
    // `timeout`: the client had to give up on a silent target.
    expect(during.counts).toMatchObject({ ok: 0, timeout: 0, rejected: 0 });
    expect(during).toHaveLatencyBelow({ max: config.timeoutMs, outcome: 'any' });

    for (const silence of silences) await silence.heal();
    await expect(() => target.total()).toRecoverWithin({
      timeoutMs: config.timeoutMs / 2,
      what: 'reads from PostgreSQL',
    });
    expect(await target.total()).toConserve(total);
  },
);
