import { test, expect } from '@chaos/suite-drivers';

test(
  'connections that were refused are made again',
  {
    id: 'N01',
    purpose: 'Dependencies that refuse connections for a while cost their outage, and no restart.',
    tag: ['@network', '@outage'],
    catches: ['no-reconnect'],
  },
  async ({ target, postgres, redis, link, inject, load, config }) => {
    const total = await target.total();
    const read = { run: () => target.total(), right: (value: number) => value === total };
    await load.warmUp(read);
    const control = await redis.connect();
    // Our own session included; the target has one more.
    const inRedis = async (): Promise<number> =>
      String(await control.client('LIST'))
        .trim()
        .split('\n').length;
    const inPostgres = async (): Promise<number> => {
      const [row] = await postgres.query<{ sessions: number }>(
        `SELECT count(*)::int AS sessions FROM pg_stat_activity WHERE application_name = 'sample-service'`,
      );
      return row?.sessions ?? 0;
    };
    const pid = await target.process.pid();

    const outages = [await inject(link('target', 'postgres').cut()), await inject(link('target', 'redis').cut())];
    await expect
      .poll(inPostgres, { timeout: config.timeoutMs, message: 'sessions of the target in PostgreSQL' })
      .toBe(0);
    await expect.poll(inRedis, { timeout: config.timeoutMs, message: 'connections to Redis' }).toBe(1);
    const during = await load.closed({
      ...read,
      concurrency: config.concurrentRequests,
      operations: config.concurrentRequests,
    });
    expect(during.counts.wrong).toBeInvariant(0);
    expect(during.counts).toMatchObject({ unavailable: during.operations });

    for (const outage of outages) await outage.heal();
    await expect(read.run).toRecoverWithin({ timeoutMs: config.timeoutMs / 2, what: 'reads from PostgreSQL' });
    await expect.poll(inRedis, { timeout: config.timeoutMs, message: 'connections to Redis' }).toBeGreaterThan(1);
    expect(await target.process.pid()).toBe(pid);
  },
);
