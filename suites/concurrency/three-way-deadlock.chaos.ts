import { seeded, test, expect, until, untilItWaits } from '../drivers/index.js';
const [first, second, third] = [seeded.account(0), seeded.account(1), seeded.account(2)];

test(
  'a cycle of three costs one of them a retry',
  {
    id: 'K05',
    purpose: 'Where three wait for each other in a circle one gives way, all three get on, and nothing is lost.',
    tag: ['@concurrency', '@deadlock'],
    needs: ['balances', 'tables', 'total', 'transfer'],
    services: ['postgres'],
    catches: ['no-retry-on-deadlock'],
  },
  async ({ target, postgres, inject, load, config }) => {
    const { accounts } = await target.tables();
    const total = await target.total();
    await load.warmUp({ run: () => target.transfer(second, first, 1) });
    const alert = await inject(postgres.setting('deadlock_timeout', '250ms'));
    await expect(() => target.total()).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads with the setting' });
    const before = await target.balances();

    // The service holds the first and waits for the second, whose holder waits for the third, whose holder waits for
    // the first. Only the service's session looks for the cycle.
    const [left, right] = [await postgres.connect(), await postgres.connect()];
    const add = `UPDATE ${accounts} SET balance = balance + $2 WHERE id = $1`;
    for (const session of [left, right]) {
      await session.query("SET deadlock_timeout = '1min'");
      await session.query('BEGIN');
    }
    await left.query(add, [second, 5]);
    await right.query(add, [third, -5]);
    const transfer = load.startTogether(1, () => target.transfer(first, second, 7));
    transfer.catch(() => {});
    await untilItWaits(postgres);
    const leftGoesOn = left.query(add, [third, -5]);
    const rightGoesOn = right.query(add, [first, 5]);
    // Its victim gives the first one free, so the right session gets on, and then the left one.
    await rightGoesOn;
    await right.query('COMMIT');
    await leftGoesOn;
    await left.query('COMMIT');

    expect((await transfer).results).toMatchObject([{ status: 'fulfilled' }]);
    const after = await target.balances();
    const changes = [first, second, third].map((id) => (after[id] ?? 0) - (before[id] ?? 0));
    expect(changes).toBeInvariant([5 - 7, 5 + 7, -10]);
    expect(await target.total()).toConserve(total);
    await until('sessions that hold nothing', async () =>
      (await postgres.sessions()).every(({ inTransaction }) => !inTransaction),
    );
    await alert.heal();
    await expect(() => target.transfer(second, first, 1)).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'transfers',
    });
  },
);
