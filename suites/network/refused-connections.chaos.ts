import { seeded, test, expect } from '../drivers/index.js';

test(
  'connections that were refused are made again',
  {
    id: 'N01',
    purpose: 'Dependencies that refuse connections for a while cost their outage, and no restart.',
    tag: ['@network', '@outage'],
    needs: ['read', 'write'],
    services: ['postgres', 'redis'],
    catches: ['no-reconnect', 'pool-without-error-listener'],
  },
  async ({ target, postgres, redis, link, inject, load, config }) => {
    const key = seeded.document(0);
    await target.write(key, 'written before the outage');
    const read = { run: () => target.read(key), right: (value: string) => value === 'written before the outage' };
    await load.warmUp(read);
    const control = await redis.connect();
    // Our own session included; the target has one more.
    const inRedis = async (): Promise<number> =>
      String(await control.client('LIST'))
        .trim()
        .split('\n').length;
    const inPostgres = async (): Promise<number> => (await postgres.sessions()).length;
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
    expect(during.counts).toMatchObject({ timeout: 0, unknown: 0, rejected: 0 });

    for (const outage of outages) await outage.heal();
    await expect(read.run).toRecoverWithin({ timeoutMs: config.timeoutMs / 2, what: 'reads' });
    await expect(() => target.write(key, 'written after the outage')).toRecoverWithin({
      timeoutMs: config.timeoutMs / 2,
      what: 'writes to PostgreSQL',
    });
    await expect.poll(inRedis, { timeout: config.timeoutMs, message: 'connections to Redis' }).toBeGreaterThan(1);
    expect(await target.process.pid()).toBe(pid);
  },
);
