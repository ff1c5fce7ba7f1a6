import { test, expect, seeded } from '../drivers/index.js';

test(
  'large answers are slow on a thin line, and small ones are alive',
  {
    id: 'N10',
    purpose: 'A thin line costs large answers their time and small ones no more than their turn.',
    tag: ['@network', '@bandwidth'],
    needs: ['read', 'write'],
    lock: ['host'],
  },
  async ({ target, link, inject, load, config }) => {
    const large = 'x'.repeat(90_000);
    await target.write(seeded.document(0), large);
    await target.write(seeded.document(1), 'small');
    const readLarge = {
      run: () => target.read(seeded.document(0)),
      right: (value: string) => value === large,
    };
    const readSmall = {
      run: () => target.read(seeded.document(1)),
      right: (value: string) => value === 'small',
    };
    await load.warmUp(readLarge);
    const before = await load.closed({ ...readLarge, concurrency: 1, operations: 3 });

    // One large answer at a time takes a tenth of a request's time limit.
    const lineMs = config.timeoutMs / 10;
    const rateBitsPerSecond = Math.round((large.length * 8) / (lineMs / 1000));
    const line = await inject(link('client', 'target').bandwidth({ rateBitsPerSecond, direction: 'downstream' }));
    const [slow, small] = await Promise.all([
      load.closed({ ...readLarge, concurrency: 1, operations: 3 }),
      load.closed({ ...readSmall, concurrency: 4, operations: 20 }),
    ]);
    expect(slow.counts).toMatchObject({ ok: 3, wrong: 0 });
    expect(small.counts).toMatchObject({ ok: 20, wrong: 0 });
    // The line has the configured rate, except that data in buffers may arrive at once.
    expect(slow.latency.min).toBeGreaterThan(lineMs / 2);
    expect(small).toHaveLatencyBelow({ max: config.timeoutMs });
    await line.heal();
    await expect(readLarge.run).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      latencyMs: Math.max(lineMs / 2, before.latency.max * 2),
      what: 'large answers',
    });
  },
);
