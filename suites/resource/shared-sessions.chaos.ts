import { seeded, seededTotal, test, expect } from '../drivers/index.js';

test(
  'with two sessions left by others the service serves slowly, in turn',
  {
    id: 'R09',
    purpose: 'Another service that takes the sessions of PostgreSQL leaves this one slower, not down.',
    tag: ['@resource', '@pool'],
    needs: ['count', 'transfer'],
    services: ['postgres'],
    catches: ['no-reconnect'],
  },
  async ({ target, postgres, link, inject, load, config }) => {
    const total = await seededTotal(target);
    const work = {
      run: ({ worker, iteration }: { worker: number; iteration: number }) =>
        target.transfer(seeded.account(worker % 5), seeded.account(5 + (iteration % 5)), 1),
    };
    await load.warmUp(work);
    const pid = await target.process.pid();
    const sessions = async (): Promise<number> => (await postgres.sessions()).length;

    const away = await inject(link('target', 'postgres').cut());
    await expect.poll(sessions, { timeout: config.timeoutMs, message: 'sessions of the target' }).toBe(0);
    const others = await inject(postgres.exhaustConnections({ leave: 2 }));
    await away.heal();
    await expect(() => target.transfer(seeded.account(0), seeded.account(1), 1)).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'transfers by the sessions that are left',
    });
    const concurrency = Math.min(config.connectionPoolSize, config.concurrentRequests);
    const during = await load.closed({ ...work, concurrency, operations: concurrency * 3 });
    expect(await sessions()).toBeLessThanOrEqual(2);
    // Who finds no session is told at once, or waits for one of the two.
    expect(during.counts).toMatchObject({ wrong: 0, rejected: 0, timeout: 0, unknown: 0 });
    expect(during.counts.ok).toBeGreaterThan(0);
    expect(during).toHaveLatencyBelow({ max: config.timeoutMs, outcome: 'any' });

    await others.heal();
    await expect(async () => {
      const after = await load.closed({ ...work, concurrency, operations: concurrency });
      expect(after.counts.ok).toBe(concurrency);
    }).toPass({ timeout: config.timeoutMs });
    expect(await seededTotal(target)).toConserve(total);
    expect(await target.process.pid()).toBe(pid);
  },
);
