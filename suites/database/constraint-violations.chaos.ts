import { seeded, seededTables, test, expect } from '../drivers/index.js';

const [rich, poor, full] = [seeded.account(0), seeded.account(1), seeded.account(2)];

test(
  'nothing remains of what the database refuses',
  {
    id: 'D08',
    purpose: 'An order that breaks a rule in the middle of its transaction leaves no part of it, no key and no lock.',
    tag: ['@database', '@transaction'],
    needs: ['book', 'count', 'stock', 'tables', 'total', 'transfer'],
    services: ['postgres'],
    catches: ['no-rollback-on-error'],
  },
  async ({ target, postgres, load, config, random }) => {
    const { accounts } = await target.tables();
    const prefix = random('keys').integer(0, Number.MAX_SAFE_INTEGER).toString(36);
    const total = await target.total();
    await target.book(seededTables.item, 1, { reference: 'taken' });
    const stock = await target.stock(seededTables.item);
    await postgres.query(
      `ALTER TABLE ${accounts} ADD CONSTRAINT chaos_full CHECK (id <> '${full}' OR balance <= ${seeded.balance})`,
    );
    await load.warmUp({ run: () => target.count(poor) });

    // Refused by the service after it has claimed the key, by a constraint, and by a unique index after another change.
    const orders = [
      (key: string) => target.transfer(poor, rich, seeded.balance * 2, { key }),
      (key: string) => target.transfer(rich, full, 1, { key }),
      () => target.book(seededTables.item, 1, { reference: 'taken' }),
    ];
    const count = Math.max(config.concurrentRequests, orders.length * 2);
    const order = (index: number): Promise<unknown> =>
      (orders[index % orders.length] as (key: string) => Promise<unknown>)(`${prefix}-${index}`);
    const { results } = await load.startTogether(count, order);
    expect(results.filter(({ status }) => status === 'fulfilled')).toEqual([]);

    expect(await target.stock(seededTables.item)).toBeInvariant(stock);
    expect(await Promise.all([rich, poor, full].map((id) => target.count(id)))).toBeInvariant(
      [rich, poor, full].map(() => seeded.balance),
    );
    expect((await postgres.sessions()).filter(({ inTransaction }) => inTransaction).length).toBeInvariant(0);

    // Once they are allowed, the same orders with the same keys are made: the refused ones have left no trace.
    await postgres.query(`ALTER TABLE ${accounts} DROP CONSTRAINT chaos_full`);
    const allowed = Array.from({ length: count }, (_, index) => index).filter((index) => index % orders.length === 1);
    const again = await load.startTogether(allowed.length, (index) => order(allowed[index] as number));
    expect(again.results.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(await target.count(full)).toBeInvariant(seeded.balance + allowed.length);
    expect(await target.total()).toConserve(total);
  },
);
