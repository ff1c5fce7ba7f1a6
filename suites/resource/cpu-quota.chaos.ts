import { seeded, seededTotal, test, expect } from '../drivers/index.js';

test(
  'with a fifth of a CPU the service is slow and right, and recovers',
  {
    id: 'R04',
    purpose: 'A quota costs throughput in proportion, no answer its truth, and nothing once it is gone.',
    tag: ['@resource', '@cpu'],
    needs: ['count', 'health', 'increment', 'transfer'],
    requires: ['cgroup'],
    lock: ['host'],
    catches: ['read-then-write-balance'],
  },
  async ({ target, inject, resources, load, config }) => {
    const total = await seededTotal(target);
    const first = await target.count(seeded.counter);
    const made = { increments: 0 };
    const work = {
      run: async ({ iteration }: { iteration: number }): Promise<void> => {
        if (iteration % 2 === 0) await target.transfer(seeded.account(iteration % 9), seeded.account(9), 1);
        else await target.increment(seeded.counter).then(() => made.increments++);
      },
    };
    await load.warmUp(work);
    const before = await load.closed({ ...work, concurrency: 1, operations: 10 });

    const quota = await inject(resources.cpuQuota({ pid: await target.process.pid(), cpus: 0.2 }));
    const [during, health] = await Promise.all([
      load.closed({ ...work, concurrency: 8, operations: 120 }),
      load.closed({ run: () => target.health(), concurrency: 1, operations: 10 }),
    ]);
    const { throttledPeriods = 0 } = quota.met?.() ?? {};
    if (throttledPeriods < 5)
      test.inconclusive(`the target wanted more than its quota in ${throttledPeriods} periods only`);
    expect(during.counts).toMatchObject({ wrong: 0, rejected: 0 });
    expect(during).toMeetPassRate(config);
    expect(health.counts.ok).toBe(10);
    expect(during).toHaveLatencyBelow({ max: config.timeoutMs, outcome: 'any' });
    await quota.heal();

    await expect(() => target.increment(seeded.counter).then(() => made.increments++)).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      latencyMs: Math.max(50, before.latency.max * 2),
      what: 'increments at their old latency',
    });
    const value = await target.count(seeded.counter);
    const lost = Math.max(0, first + made.increments - value);
    expect(lost).toBeInvariant(0);
    expect(await seededTotal(target)).toConserve(total);
  },
);
