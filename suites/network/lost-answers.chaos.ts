import { seeded, seededTables, test, expect } from '../drivers/index.js';

test(
  'a retry after a lost answer has no second effect',
  {
    id: 'N14',
    purpose: 'Who hears nothing asks again: with the same key it still happens once.',
    tag: ['@network', '@idempotency'],
    needs: ['count', 'tables', 'total', 'transfer'],
    services: ['postgres'],
    catches: ['idempotency-key-ignored'],
  },
  async ({ target, postgres, link, inject, load, config, random }) => {
    const sink = seeded.account(0);
    const sources = seededTables.rows({ config }) - 1;
    const prefix = random('keys').integer(0, Number.MAX_SAFE_INTEGER).toString(36);
    const count = config.concurrentRequests;
    const { accounts } = await target.tables();
    const pay = (index: number) =>
      target.transfer(seeded.account(1 + (index % sources)), sink, 1, { key: `${prefix}-${index}` });
    const received = async (): Promise<number> => {
      const [row] = await postgres.query<{ balance: string }>(`SELECT balance FROM ${accounts} WHERE id = $1`, [sink]);
      return Number(row?.balance) - seeded.balance;
    };
    const total = await target.total();
    await load.warmUp({ run: () => target.count(sink) });

    // By the proxy: lost packets would be resent, so no answer would be lost for good.
    const loss = await inject(
      link('client', 'target').cut({ mode: 'blackhole', direction: 'downstream', backend: 'proxy' }),
    );
    const first = load.startTogether(count, pay);
    await expect
      .poll(received, { timeout: config.timeoutMs, message: 'what requests without an answer have moved' })
      .toBeGreaterThan(0);
    // The target has answered all of them, into the black hole.
    const inProgress = async (): Promise<number> =>
      (await postgres.sessions()).filter(({ inTransaction }) => inTransaction).length;
    await expect.poll(inProgress, { timeout: config.timeoutMs, message: 'transactions in progress' }).toBe(0);
    // Connections that lost an answer are reset: from now on their clients know that the outcome is unknown.
    await loss.heal();
    const lost = (await first).results.filter(({ status }) => status === 'rejected').length;
    if (lost === 0) test.inconclusive('no answer was lost');
    await expect(() => target.count(sink)).toRecoverWithin({ timeoutMs: config.timeoutMs });

    // Every client asks again until it gets an answer, twice at the same time.
    const insist = async (index: number): Promise<unknown> => {
      let answer: unknown;
      const ask = async (): Promise<void> => {
        answer = await pay(index);
      };
      await expect(ask).toPass({ timeout: config.timeoutMs, intervals: [50] });
      return answer;
    };
    const again = await load.startTogether(count * 2, (index) => insist(index % count));
    expect(await received()).toBeInvariant(count);
    expect(await target.total()).toConserve(total);
    const answers = again.results.map((result) => (result.status === 'fulfilled' ? result.value : result.reason));
    expect(answers.slice(count)).toBeInvariant(answers.slice(0, count));
    expect(again.results.filter(({ status }) => status === 'rejected')).toEqual([]);
  },
);
