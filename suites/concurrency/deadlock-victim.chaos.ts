import { accountRows, seeded, seededTotal, test, expect, LOOK_MS, rival, untilItWaits } from '../drivers/index.js';
const [first, second] = [seeded.account(0), seeded.account(1)];
const collisions = 3;

test(
  'the victim of deadlocks has its effect once',
  {
    id: 'K06',
    purpose: 'A transfer that the database ended several times is made in the end: once, with one answer for its key.',
    tag: ['@concurrency', '@deadlock', '@idempotency'],
    needs: ['count', 'transfer'],
    services: ['postgres'],
    catches: ['no-retry-on-deadlock', 'no-rollback-on-error'],
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

    const opponent = await rival(postgres, rows);
    await opponent.lock(second);
    const running = load.startTogether(1, () => target.transfer(first, second, 7, { key: 'victim' }));
    let isOver = false;
    void running.then(
      () => (isOver = true),
      () => (isOver = true),
    );
    let begunMs = 0;
    for (let collision = 0; collision < collisions; collision += 1) {
      begunMs = await untilItWaits(postgres, begunMs, () => isOver);
      // A victim that gave up waits for nothing more, and its answer is judged.
      if (isOver) break;
      await opponent.collide(first);
    }
    await opponent.end();

    const { results } = await running;
    expect(results).toMatchObject([{ status: 'fulfilled' }]);
    expect(await target.count(second)).toBeInvariant(before + 7);
    const again = await target.transfer(first, second, 7, { key: 'victim' });
    expect(results).toMatchObject([{ value: again }]);
    expect(await target.count(second)).toBeInvariant(before + 7);
    expect(await seededTotal(target)).toConserve(total);
    await alert.heal();
    await expect(() => target.transfer(first, second, 1)).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'transfers',
    });
  },
);
