import { accountRows, seeded, seededTotal, test, expect, LOOK_MS, rival, untilItWaits } from '../drivers/index.js';
const [first, second] = [seeded.account(0), seeded.account(1)];
const collisions = 6;
/** Pauses from 4 ms on, each twice as long and spread over its length, are 125 ms on average by then. */
const leastPausesMs = 20;

test(
  'a transfer that PostgreSQL ends again and again gives others time',
  {
    id: 'D20',
    purpose: 'Deadlock errors (40P01) are answered by another attempt after a growing pause; the effect comes once.',
    tag: ['@database', '@deadlock'],
    needs: ['count', 'transfer'],
    services: ['postgres'],
    catches: ['no-retry-on-deadlock', 'retry-without-backoff'],
  },
  async ({ target, postgres, inject, load, config }) => {
    const total = await seededTotal(target);
    await load.warmUp({ run: () => target.transfer(second, first, 1) });
    const rows = await accountRows(target, postgres);
    if (rows === undefined) return void test.inconclusive('No row of PostgreSQL stands for an account');
    const before = await target.count(second);
    const alert = await inject(postgres.setting('deadlock_timeout', `${LOOK_MS}ms`));
    await expect(() => seededTotal(target)).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'reads with the setting',
    });
    const now = async (): Promise<number> =>
      (await postgres.query<{ ms: number }>('SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms'))[0]
        ?.ms ?? 0;

    const opponent = await rival(postgres, rows);
    await opponent.lock(second);
    const running = load.startTogether(1, () => target.transfer(first, second, 1));
    running.catch(() => {});
    let [begunMs, endedMs, pausesMs] = [0, 0, 0];
    for (let collision = 1; collision <= collisions; collision += 1) {
      begunMs = await untilItWaits(postgres, begunMs);
      if (collision > 1) pausesMs += Math.max(0, begunMs - endedMs);
      await opponent.collide(first);
      endedMs = await now();
    }
    await opponent.end();
    expect((await running).results).toMatchObject([{ status: 'fulfilled' }]);
    expect(await target.count(second)).toBeInvariant(before + 1);
    expect(await seededTotal(target)).toConserve(total);
    expect(pausesMs, 'ms between attempts').toBeGreaterThan(leastPausesMs);
    await alert.heal();
    await expect(() => target.transfer(first, second, 1)).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'transfers',
    });
  },
);
