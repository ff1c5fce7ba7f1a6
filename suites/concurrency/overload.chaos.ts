import { seeded, test, expect } from '../drivers/index.js';

test(
  'load beyond the capacity is refused at once, and the rest served as ever',
  {
    id: 'K20',
    purpose: 'Under far too many requests some are refused quickly (503); those that are accepted do not get slow.',
    tag: ['@concurrency', '@overload'],
    needs: ['count', 'health', 'increment', 'limits', 'read'],
    services: ['postgres', 'redis'],
    catches: ['no-load-shedding'],
    lock: ['host'],
  },
  async ({ target, link, inject, load, config }) => {
    const capacity = config.connectionPoolSize * 2;
    await target.process.restart({ env: await target.limits({ requests: capacity }) });
    const read = { run: () => target.count(seeded.counter) };
    await load.warmUp(read);
    const before = await target.count(seeded.counter);
    const slow = await inject(link('target', 'postgres').latency({ latencyMs: 20 }));
    const full = await load.closed({ ...read, concurrency: capacity, operations: capacity * 3 });
    expect(full.counts, 'a load of exactly the capacity').toMatchObject({ ok: capacity * 3 });

    let acknowledged = 0;
    const beyond = await load.closed({
      run: async ({ worker }) => {
        if (worker % 2 > 0) return target.count(seeded.counter);
        await target.increment(seeded.counter);
        acknowledged += 1;
        return before;
      },
      concurrency: capacity * 6,
      operations: capacity * 12,
    });
    // It still says that it lives.
    await target.health();
    await slow.heal();
    expect(beyond.counts.unavailable, 'requests that were refused').toBeGreaterThan(0);
    expect(beyond.counts).toMatchObject({ timeout: 0, unknown: 0, rejected: 0 });
    expect(beyond.counts.ok).toBeGreaterThanOrEqual(capacity);
    expect(beyond.latencyOf.unavailable.p50, 'ms to a refusal').toBeLessThan(beyond.latencyOf.ok.p50);
    expect(beyond.latencyOf.ok.p50, `ms of accepted requests; at capacity ${full.latency.p50}`).toBeLessThan(
      (full.latency.p50 * 3 + 50) * config.deadlineFactor,
    );
    expect(await target.count(seeded.counter)).toBeInvariant(before + acknowledged);
    // Requests that need no session of the database cannot be held back by its pool: they are refused, too.
    await load.warmUp({ run: () => target.read(seeded.document(0)) });
    const slowCache = await inject(link('target', 'redis').latency({ latencyMs: 40 }));
    const cached = await load.closed({
      run: () => target.read(seeded.document(0)),
      concurrency: capacity * 6,
      operations: capacity * 12,
    });
    await slowCache.heal();
    expect(cached.counts.unavailable, 'reads of the cache that were refused').toBeGreaterThan(0);
    expect(cached.counts).toMatchObject({ timeout: 0, unknown: 0, rejected: 0 });
    expect(cached.counts.ok).toBeGreaterThanOrEqual(capacity);
    await expect(read.run).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads after the overload' });
  },
);
