import { test, expect, seeded } from '../drivers/index.js';
import { runWorkload, type Workload } from '@chaos/test/history';

test(
  'a document is linearizable while Redis comes and goes',
  {
    id: 'C17',
    purpose: 'Whoever reads sees the last write that was acknowledged, or one under way: also around a cache outage.',
    tag: ['@cache', '@consistency'],
    needs: ['read', 'write'],
    services: ['redis'],
    catches: ['no-invalidation', 'no-invalidation-while-redis-is-down'],
  },
  async ({ target, link, inject, recorder, random, config }) => {
    const coin = random('reads and writes');
    const id = seeded.document(0);
    let last = 0;
    const document: Workload = {
      name: 'document',
      check: { model: 'linearizable-register' },
      setup: () => document.step(recorder.process()),
      step(process) {
        if (last > 0 && coin.next() < 0.7) return process.run('read', null, async () => Number(await target.read(id)));
        const value = ++last;
        return process.run('write', value, async () => void (await target.write(id, String(value))));
      },
    };
    // Answers of PostgreSQL and Redis overtake each other, so that a fill meets an invalidation.
    const slow = await Promise.all([
      inject(link('target', 'postgres').latency({ latencyMs: 8, jitterMs: 8 })),
      inject(link('target', 'redis').latency({ latencyMs: 1, jitterMs: 1 })),
    ]);
    const stop = new AbortController();
    const load = runWorkload(document, { recorder, concurrency: 8, signal: stop.signal });
    let seen = 0;
    const more = async (): Promise<void> => {
      await expect
        .poll(() => recorder.history().operations.length, { timeout: config.timeoutMs, intervals: [10] })
        .toBeGreaterThan(seen + 30);
      seen = recorder.history().operations.length;
    };
    for (const mode of ['refuse', 'blackhole', 'refuse'] as const) {
      await more();
      const outage = await inject(link('target', 'redis').cut({ mode }));
      await more();
      await outage.heal();
    }
    await more();
    for (const fault of slow) await fault.heal();
    await expect(() => target.read(id)).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads' });
    stop.abort();
    expect(await load).toSatisfyModel(document.check);
  },
);
