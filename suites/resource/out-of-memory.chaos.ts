import { seeded, seededTotal, test, expect, until } from '../drivers/index.js';

const MIB = 2 ** 20;

test(
  'a service that runs out of memory is killed with nothing half done',
  {
    id: 'R01',
    purpose: 'A container that is too small ends the service, not the truth: what was acknowledged stays.',
    tag: ['@resource', '@memory'],
    needs: ['count', 'increment', 'transfer'],
    services: ['postgres'],
    requires: ['cgroup'],
    catches: ['transfer-without-transaction'],
  },
  async ({ target, inject, link, resources, load, config }) => {
    const inside = await target.process.inside();
    const total = await seededTotal(target);
    const first = await target.count(seeded.counter);
    const made = { increments: 0, unclear: 0 };
    const work = {
      run: async ({ iteration }: { iteration: number }): Promise<void> => {
        if (iteration % 2 === 0) await target.transfer(seeded.account(iteration % 9), seeded.account(9), 1);
        else await target.increment(seeded.counter).then(() => made.increments++);
      },
    };
    await load.warmUp(work);
    // Every message to PostgreSQL takes its time, so the end finds transfers between any two of their steps.
    const slow = await inject(link('target', 'postgres').latency({ latencyMs: 5, jitterMs: 10 }));
    const limit = await inject(resources.memoryLimit({ pid: await target.process.pid(), moreBytes: 48 * MIB }));

    // Near its limit it works; the kernel kills it when it takes more.
    const running = load.closed({ ...work, concurrency: config.connectionPoolSize * 2, durationMs: 1500 });
    await inject(inside.takeMemory({ bytes: 256 * MIB })).catch(() => undefined);
    await until('the end of the target', async () => !(await target.process.alive()));
    await target.process.expectExit({ signal: 'SIGKILL' });
    const during = await running;
    expect(during.counts.wrong).toBeInvariant(0);
    made.unclear = during.counts.unknown + during.counts.timeout;
    await limit.heal();
    await slow.heal();

    await target.process.restart();
    await expect(() => target.count(seeded.counter)).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads' });
    const value = await target.count(seeded.counter);
    const lost = Math.max(0, first + made.increments - value);
    expect(lost).toBeInvariant(0);
    expect(value).toBeLessThanOrEqual(first + made.increments + made.unclear);
    expect(await seededTotal(target)).toConserve(total);
  },
);
