import { seeded, test, expect, until } from '../drivers/index.js';

test(
  'a pause of seconds, as of a long garbage collection, leaves no stale lock in use',
  {
    id: 'R14',
    purpose: 'While the service stands still the world moves on: it continues with what is, not with what was.',
    tag: ['@resource', '@pause'],
    needs: ['count', 'increment', 'tables', 'total', 'transfer'],
    services: ['postgres'],
    catches: ['transfer-without-transaction', 'read-then-write-balance'],
  },
  async ({ target, postgres, inject, load, config }) => {
    const total = await target.total();
    const { accounts, counters } = await target.tables();
    const counted = await target.count(seeded.counter);
    const work = { run: () => target.transfer(seeded.account(0), seeded.account(1), 1) };
    await load.warmUp(work);

    // Two writes wait for these locks when the target stops.
    const other = await postgres.connect();
    await other.query(`BEGIN; SELECT FROM ${accounts} WHERE id = '${seeded.account(1)}' FOR UPDATE`);
    const counting = await postgres.connect();
    await counting.query(`BEGIN; UPDATE ${counters} SET value = value + 5 WHERE name = '${seeded.counter}'`);
    const waiting = async (): Promise<number> => (await postgres.sessions()).filter(({ waiting }) => waiting).length;
    const running = load.closed({ ...work, concurrency: 3, operations: 3 });
    const increment = load.closed({ run: () => target.increment(seeded.counter), concurrency: 1, operations: 1 });
    const both = async (): Promise<boolean> => {
      const queries = (await postgres.sessions()).filter(({ waiting }) => waiting).map(({ query }) => query);
      return [accounts, counters].every((table) => queries.some((query) => query.includes(table)));
    };
    await until('a transfer and an increment that wait for a lock', both);
    const pause = await inject(target.process.stop());
    // What waited for the counter goes on with what another replica has made of it.
    await counting.query('COMMIT');
    // The server gives up waiting for a client that does not.
    await until('the end of all waiting', async () => (await waiting()) === 0);
    await other.query('COMMIT');
    // The server ends what an absent client left open; then its locks are free.
    const open = async (): Promise<boolean> => !(await postgres.sessions()).some(({ inTransaction }) => inTransaction);
    await until('the end of the transactions that were left open', open);
    // Another replica moves money between the same accounts meanwhile.
    await other.query(`BEGIN;
      UPDATE ${accounts} SET balance = balance - 5 WHERE id = '${seeded.account(0)}';
      UPDATE ${accounts} SET balance = balance + 5 WHERE id = '${seeded.account(1)}';
      COMMIT`);
    await pause.heal();

    const during = await running;
    const { counts } = await increment;
    expect(during.counts).toMatchObject({ wrong: 0, rejected: 0 });
    await expect(work.run).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'transfers' });
    expect(await target.total()).toConserve(total);
    const added = (await target.count(seeded.counter)) - counted;
    const most = 5 + counts.ok + counts.unknown + counts.timeout;
    expect({ added, isExplained: added >= 5 + counts.ok && added <= most }).toBeInvariant({ added, isExplained: true });
  },
);
