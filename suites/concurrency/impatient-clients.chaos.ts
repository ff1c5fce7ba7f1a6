import { outcomeOf, seeded, test, expect, until } from '../drivers/index.js';

test(
  'a client that gives up and asks again pays once',
  {
    id: 'K15',
    purpose: 'Clients that time out repeat their order, while the first one still runs or is done: it happens once.',
    tag: ['@concurrency', '@idempotency', '@timeout'],
    needs: ['count', 'transfer'],
    services: ['postgres'],
    catches: ['idempotency-key-ignored', 'key-outside-transaction'],
  },
  async ({ target, postgres, inject, load, config, random }) => {
    const prefix = random('keys').integer(0, Number.MAX_SAFE_INTEGER).toString(36);
    // Each order has accounts of its own, so that a second one can only wait for the first one with its key.
    const count = Math.max(1, Math.min(seeded.rows / 2, Math.floor(config.connectionPoolSize / 2) - 1));
    const ends = Array.from(
      { length: count },
      (_, index) => [seeded.account(index), seeded.account(index + 5)] as const,
    );
    const pay = (index: number, timeoutMs?: number) =>
      target.transfer(...ends[index]!, 1, { key: `${prefix}-${index}`, ...(timeoutMs !== undefined && { timeoutMs }) });
    const figures = () => Promise.all(ends.flat().map((account) => target.count(account)));
    await load.warmUp({ run: () => target.count(seeded.account(0)) });
    const before = await figures();

    // No transfer can end before the clients of all have given up.
    const held = await inject(postgres.holdCommits());
    const impatient = load.startTogether(count, (index) => pay(index, config.timeoutMs / 20));
    const atCommit = async (): Promise<number> =>
      (await postgres.sessions()).filter(({ heldAtCommit }) => heldAtCommit).length;
    await until('transfers that wait at their COMMIT', async () => (await atCommit()) === count);
    const gaveUp = (await impatient).results.map((result) =>
      result.status === 'rejected' ? outcomeOf(result.reason) : 'ok',
    );
    if (gaveUp.includes('ok')) test.inconclusive('a transfer was done before its client gave up');
    // They ask again while the first order is still under way, and once more afterwards.
    const again = load.startTogether(count, (index) => pay(index));
    await until('second orders that wait while the first ones are held', async () => {
      const sessions = await postgres.sessions();
      const waiting = sessions.filter(({ waiting, heldAtCommit }) => waiting && !heldAtCommit).length;
      return waiting === count && sessions.some(({ heldAtCommit }) => heldAtCommit);
    });
    await held.heal();
    const second = await again;
    const third = await load.startTogether(count, (index) => pay(index));
    const answers = third.results.map((result) => (result.status === 'fulfilled' ? result.value : result.reason));

    expect(await figures()).toBeInvariant(before.map((figure, index) => figure + (index % 2 === 0 ? -1 : 1)));
    expect([...second.results, ...third.results].filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(second.results.map((result) => (result.status === 'fulfilled' ? result.value : undefined))).toBeInvariant(
      answers,
    );
    await expect(() => target.count(seeded.account(0))).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads' });
  },
);
