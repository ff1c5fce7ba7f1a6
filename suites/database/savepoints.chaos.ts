import { seeded, test, expect } from '../drivers/index.js';

const [rich, poor, other, full] = [0, 1, 2, 3].map((index) => seeded.account(index)) as [
  string,
  string,
  string,
  string,
];

test(
  'what fails inside a savepoint takes nothing else with it',
  {
    id: 'D11',
    purpose: 'A transaction with parts that may fail keeps exactly the others, whoever refuses the part.',
    tag: ['@database', '@transaction'],
    needs: ['balances', 'tables', 'total', 'transferAll'],
    services: ['postgres'],
    catches: ['savepoint-kept-after-error'],
  },
  async ({ target, postgres, load, config, random }) => {
    const { accounts } = await target.tables();
    const prefix = random('keys').integer(0, Number.MAX_SAFE_INTEGER).toString(36);
    const total = await target.total();
    await postgres.query(
      `ALTER TABLE ${accounts} ADD CONSTRAINT chaos_full CHECK (id <> '${full}' OR balance <= ${seeded.balance})`,
    );
    await load.warmUp({ run: () => target.total() });
    const before = await target.balances();
    // Refused by the service, by the database, and for an account that is not there; before, between and after others.
    const orders = [
      { from: rich, to: full, amount: 1 },
      { from: rich, to: other, amount: 1 },
      { from: poor, to: other, amount: seeded.balance * 10 },
      { from: other, to: rich, amount: 2 },
      { from: rich, to: 'nobody', amount: 3 },
      { from: poor, to: other, amount: 1 },
    ];
    const made = [false, true, false, true, false, true];
    const batches = Math.min(10, config.concurrentRequests);
    const ask = (index: number) => target.transferAll(orders, { key: `${prefix}-${index}` });
    const { results } = await load.startTogether(batches, ask);
    expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
    const answers = results.map((result) =>
      result.status === 'fulfilled' ? result.value.map((each) => each.made) : [],
    );
    expect(answers).toBeInvariant(answers.map(() => made));

    const expected = { [rich]: 1, [poor]: -1, [other]: 0, [full]: 0 };
    const after = await target.balances();
    const moved = Object.fromEntries(Object.keys(expected).map((id) => [id, (after[id] ?? 0) - (before[id] ?? 0)]));
    expect(moved).toBeInvariant(
      Object.fromEntries(Object.entries(expected).map(([id, amount]) => [id, amount * batches])),
    );
    expect(await target.total()).toConserve(total);
    // Asked again with its key, a batch tells what it told.
    expect((await ask(0)).map((each) => each.made)).toBeInvariant(made);
    expect(await target.balances()).toBeInvariant(after);
    expect((await postgres.sessions()).filter(({ inTransaction }) => inTransaction)).toEqual([]);
    await postgres.query(`ALTER TABLE ${accounts} DROP CONSTRAINT chaos_full`);
  },
);
