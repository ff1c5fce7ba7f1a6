import { test, expect, seeded } from '@chaos/suite-drivers';
import { runWorkload, type Workload } from '@chaos/test/history';

test(
  'a document is linearizable while Redis comes and goes',
  {
    id: 'C17',
    purpose: 'Whoever reads sees the last write that was acknowledged, or one under way: also around a cache outage.',
    tag: ['@cache', '@consistency'],
    catches: ['no-invalidation'],
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
        if (last > 0 && coin.next() < 0.7)
          return process.run('read', null, async () => Number((await target.read(id)).body));
        const value = ++last;
        return process.run('write', value, async () => void (await target.write(id, String(value))));
      },
    };
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
    stop.abort();
    expect(await load).toSatisfyModel(document.check);
  },
);
