import { seeded, test, expect, notStarved } from '../drivers/index.js';

test(
  'jitter moves the percentiles by what was injected',
  {
    id: 'N07',
    purpose: 'A line with jitter delays each answer by its own share: answers do not wait for each other’s delays.',
    tag: ['@network', '@latency'],
    needs: ['count'],
    lock: ['host'],
    catches: ['one-connection-at-a-time'],
  },
  async ({ target, link, inject, load, config }) => {
    const read = { run: () => target.count(seeded.counter), right: (value: number) => value === 0 };
    await load.warmUp(read);
    const load4 = { ...read, concurrency: 4, operations: 80 };
    const before = await load.closed(load4);

    const [latencyMs, jitterMs] = [60, 50];
    const line = link('target', 'postgres').latency({ latencyMs, jitterMs, direction: 'downstream', backend: 'proxy' });
    const jitter = await inject(line);
    const fair = await notStarved(target);
    const during = await load.closed(load4);
    expect(during).toHaveNoWrongResult();
    expect(during.counts).toMatchObject({ ok: 80 });
    // Uniform over 10 to 110 ms: the median is about 60, and a tenth of the answers takes more than 100.
    expect(during.latency.min).toBeGreaterThan((latencyMs - jitterMs) * 0.9);
    expect(during.latency.p50).toBeGreaterThan(latencyMs - jitterMs / 2);
    expect(during.latency.p90 - during.latency.p50).toBeGreaterThan(jitterMs / 4);
    const most = before.latency.p90 + latencyMs + jitterMs;
    if (during.latency.p90 > most * 1.25)
      await fair(`p90 ${during.latency.p90.toFixed(0)} ms instead of ${most.toFixed(0)}`);
    expect(during.latency.p90).toBeLessThan(most * 1.25);

    await jitter.heal();
    await expect(read.run).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      latencyMs: Math.max(latencyMs, before.latency.max * 2),
      what: 'reads at their old latency',
    });
  },
);
