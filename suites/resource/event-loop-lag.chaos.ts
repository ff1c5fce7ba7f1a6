import { seeded, test, expect } from '../drivers/index.js';

test(
  'an event loop that is blocked shows in the service’s own figures, and costs what it must',
  {
    id: 'R05',
    purpose: 'Something that computes for too long is seen by whoever watches, and ends nobody’s request.',
    tag: ['@resource', '@event-loop'],
    needs: ['count', 'increment', 'metrics'],
  },
  async ({ target, inject, load, config }) => {
    const inside = await target.process.inside();
    const first = await target.count(seeded.counter);
    const made = { increments: 0 };
    const work = { run: () => target.increment(seeded.counter).then(() => made.increments++) };
    await load.warmUp(work);
    const lagMs = async (): Promise<number> => (await target.metrics()).process.eventLoopLagMs;

    const forMs = 250;
    const blocks = await inject(inside.blockEventLoop({ forMs, everyMs: forMs * 1.5 }));
    const [during, seenMs] = await Promise.all([
      load.open({ ...work, ratePerSecond: 30, durationMs: 1200, arrivals: 'poisson' }),
      expect
        .poll(lagMs, { timeout: config.timeoutMs, message: 'lag that the target reports' })
        .toBeGreaterThan(forMs / 2)
        .then(lagMs),
    ]);
    if ((blocks.met?.()?.['blocks'] ?? 0) < 2) test.inconclusive('the event loop was blocked less than twice');
    expect(seenMs).toBeGreaterThan(0);
    expect(during.counts).toMatchObject({ wrong: 0, rejected: 0, timeout: 0, unknown: 0 });
    expect(during).toMeetPassRate(config);
    expect(during).toHaveLatencyBelow({ max: config.timeoutMs, outcome: 'any' });
    await blocks.heal();

    await expect(work.run).toRecoverWithin({ timeoutMs: config.timeoutMs, latencyMs: forMs / 2, what: 'increments' });
    await expect.poll(lagMs, { timeout: config.timeoutMs, message: 'lag that the target reports' }).toBeLessThan(forMs);
    const value = await target.count(seeded.counter);
    const lost = Math.max(0, first + made.increments - value);
    expect(lost).toBeInvariant(0);
  },
);
