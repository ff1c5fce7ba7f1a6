import { seeded, seededTotal, test, expect } from '../drivers/index.js';

test(
  'latency, a partition and load together cost what they must, and end',
  {
    id: 'N22',
    purpose: 'Under load on a slow line a short partition costs the requests that met it, no money and no restart.',
    tag: ['@network', '@combined'],
    needs: ['count', 'health', 'increment', 'transfer'],
    services: ['postgres'],
    catches: ['no-reconnect', 'read-then-write-balance'],
  },
  async ({ target, link, inject, load, config }) => {
    const total = await seededTotal(target);
    const first = await target.count(seeded.counter);
    const made = { increments: 0 };
    const work = {
      run: async ({ iteration }: { iteration: number }): Promise<void> => {
        if (iteration % 3 === 0) await target.count(seeded.counter);
        else if (iteration % 3 === 1) await target.transfer(seeded.account(iteration % 5), seeded.account(5), 1);
        else {
          await target.increment(seeded.counter);
          made.increments++;
        }
      },
    };
    await load.warmUp(work);
    const pid = await target.process.pid();

    const slow = await inject(link('target', 'postgres').latency({ latencyMs: 5, jitterMs: 4, backend: 'proxy' }));
    const running = load.open({ ...work, ratePerSecond: 60, durationMs: 2500, arrivals: 'poisson' });
    await expect.poll(() => made.increments, { timeout: config.timeoutMs, message: 'increments' }).toBeGreaterThan(15);
    const partition = await inject(link('target', 'postgres').cut());
    await expect(() => target.health()).toRecoverWithin({ timeoutMs: config.timeoutMs });
    await partition.heal();
    const during = await running;
    await slow.heal();

    expect(during.counts).toMatchObject({ timeout: 0, rejected: 0 });
    expect(during).toMeetPassRate(config);
    expect(during).toHaveLatencyBelow({ max: config.timeoutMs, outcome: 'any' });
    await expect(() => target.transfer(seeded.account(0), seeded.account(1), 1)).toRecoverWithin({
      timeoutMs: config.timeoutMs / 2,
      what: 'transfers',
    });
    const value = await target.count(seeded.counter);
    const lost = Math.max(0, first + made.increments - value);
    expect(lost).toBeInvariant(0);
    expect(value).toBeLessThanOrEqual(first + made.increments + during.counts.unknown);
    expect(await seededTotal(target)).toConserve(total);
    expect(await target.process.pid()).toBe(pid);
  },
);
