import { seeded, test, expect, notStarved } from '../drivers/index.js';

test(
  'constant latency costs throughput what Little’s law says, and nothing else',
  {
    id: 'N06',
    purpose: 'Requests wait for the line side by side: latency to PostgreSQL costs its time once.',
    tag: ['@network', '@latency'],
    needs: ['count'],
    lock: ['host'],
    catches: ['one-connection-at-a-time'],
  },
  async ({ target, link, inject, load, config }) => {
    const read = { run: () => target.count(seeded.counter), right: (value: number) => value === 0 };
    await load.warmUp(read);
    const before = await load.closed({ ...read, concurrency: 1, operations: 20 });

    const latencyMs = 50;
    const slow = await inject(link('target', 'postgres').latency({ latencyMs, backend: 'proxy' }));
    const concurrency = Math.min(config.connectionPoolSize, config.concurrentRequests);
    const fair = await notStarved(target);
    const during = await load.closed({ ...read, concurrency, operations: concurrency * 8 });
    expect(during).toHaveNoWrongResult();
    expect(during.counts).toMatchObject({ ok: concurrency * 8 });
    // L = λW, for a read that goes to PostgreSQL once.
    const expected = (concurrency * 1000) / (before.latency.p50 + 2 * latencyMs);
    expect(during.latency.min).toBeGreaterThan(2 * latencyMs * 0.9);
    expect(during.throughput).toBeLessThan(expected * 1.2);
    if (during.throughput < expected / 2)
      await fair(`${during.throughput.toFixed(0)} reads/s instead of ${expected.toFixed(0)}`);
    expect(during.throughput).toBeGreaterThan(expected / 2);

    await slow.heal();
    await expect(read.run).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      latencyMs: Math.max(latencyMs, before.latency.max * 2),
      what: 'reads at their old latency',
    });
  },
);
