import { seeded, test, expect } from '../drivers/index.js';

test(
  'a slow connect costs its time-out, not the time of the request',
  {
    id: 'N02',
    purpose: 'Who cannot connect in time says so: a connection that takes for ever holds up nobody.',
    tag: ['@network', '@timeout'],
    needs: ['count'],
    services: ['postgres'],
    catches: ['no-connect-timeout'],
  },
  async ({ target, postgres, link, inject, load, config }) => {
    const read = { run: () => target.count(seeded.counter), right: (value: number) => value === 0 };
    await load.warmUp(read);
    const sessions = async (): Promise<number> => (await postgres.sessions()).length;

    // Longer than clients wait, however far their time-outs are stretched.
    const slow = await inject(link('target', 'postgres').connectDelay({ delayMs: config.timeoutMs * 6 }));
    await inject(link('target', 'postgres').reset());
    await expect.poll(sessions, { timeout: config.timeoutMs, message: 'sessions of the target' }).toBe(0);
    const concurrency = Math.min(config.connectionPoolSize, config.concurrentRequests);
    const during = await load.closed({ ...read, concurrency, operations: concurrency });
    expect(during.counts.wrong).toBeInvariant(0);
    expect(during.counts).toMatchObject({ timeout: 0, unknown: 0, rejected: 0 });
    expect(during).toHaveLatencyBelow({ max: config.timeoutMs * 0.6, outcome: 'any' });

    await slow.heal();
    await expect(read.run).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads from PostgreSQL' });
  },
);
