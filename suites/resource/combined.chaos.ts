import { seeded, seededTotal, test, expect } from '../drivers/index.js';

const MIB = 2 ** 20;

test(
  'short of CPU time, memory and sessions at once the service degrades, and recovers in full',
  {
    id: 'R16',
    purpose: 'Several shortages together make it slow; they neither make it wrong nor keep it down.',
    tag: ['@resource', '@combined'],
    needs: ['count', 'health', 'increment', 'transfer'],
    services: ['postgres'],
    requires: ['cgroup'],
    lock: ['host'],
    catches: ['read-then-write-balance'],
  },
  async ({ target, postgres, inject, resources, load, config }) => {
    const inside = await target.process.inside();
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
    const pid = await target.process.pid();

    const shortages = [];
    for (const fault of [
      inside.takeMemory({ bytes: 64 * MIB }),
      postgres.exhaustConnections({ leave: 1 }),
      resources.cpuQuota({ pid, cpus: 0.12 }),
    ])
      shortages.push(await inject(fault));
    const during = await load.open({ ...work, ratePerSecond: 40, durationMs: 1500, arrivals: 'poisson' });
    await target.health();
    expect(during.counts).toMatchObject({ wrong: 0, rejected: 0, timeout: 0 });
    // Who finds no session is refused at once; one session serves the others.
    expect(during.counts.ok).toBeGreaterThan(0);
    expect(during).toHaveLatencyBelow({ max: config.timeoutMs, outcome: 'any' });
    for (const shortage of shortages.reverse()) await shortage.heal();

    await expect(() => target.transfer(seeded.account(0), seeded.account(1), 1)).toRecoverWithin({
      timeoutMs: config.timeoutMs,
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
