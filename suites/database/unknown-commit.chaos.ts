import {
  BRAKE_LOCK,
  brakedCommits,
  commitBrake,
  outcomeOf,
  serviceSessions,
  test,
  expect,
  untilSeen,
} from '@chaos/suite-drivers';

const payer = (index: number): string => `payer-${index}`;
const payee = (index: number): string => `payee-${index}`;

test(
  'what was committed is never reported as failed',
  {
    id: 'D04',
    purpose: 'Where the answer to a COMMIT is lost the client is told so, or the truth: never that nothing happened.',
    tag: ['@database', '@unknown-outcome'],
    catches: ['unknown-commit-reported-as-failure'],
  },
  async ({ target, postgres, link, inject, load, config, random }) => {
    const count = config.concurrentRequests;
    const indices = Array.from({ length: count }, (_, index) => index);
    await target.set({
      accounts: Object.fromEntries(
        indices.flatMap((index) => [
          [payer(index), 1],
          [payee(index), 0],
        ]),
      ),
    });
    const total = await target.total();
    const prefix = random('keys').integer(0, Number.MAX_SAFE_INTEGER).toString(36);
    const pay = (index: number) => target.transfer(payer(index), payee(index), 1, { key: `${prefix}-${index}` });
    const happened = async (): Promise<ReadonlySet<number>> => {
      const rows = await postgres.query<{ id: string }>(
        `SELECT id FROM accounts WHERE id LIKE 'payee-%' AND balance > 0`,
      );
      return new Set(rows.map(({ id }) => Number(id.slice('payee-'.length))));
    };
    await load.warmUp({ run: () => target.total() });

    // COMMITs are stopped in the server and the answers cut off; then they are released: they happen, and no client is
    // told.
    const brake = await inject(commitBrake(postgres, 'accounts'));
    const holder = await postgres.connect();
    await holder.query('SELECT pg_advisory_lock($1)', [BRAKE_LOCK]);
    const running = load.startTogether(count, pay);
    await untilSeen('COMMITs in the server', async () => (await brakedCommits(postgres)) > 0, config.timeoutMs);
    // By the proxy, whose resets pass its own black hole.
    const silence = await inject(
      link('target', 'postgres').cut({ mode: 'blackhole', direction: 'downstream', backend: 'proxy' }),
    );
    await holder.query('SELECT pg_advisory_unlock($1)', [BRAKE_LOCK]);
    await untilSeen('transfers that are committed', async () => (await happened()).size > 0, config.timeoutMs);
    const cut = await inject(link('target', 'postgres').cut());

    const { results } = await running;
    await expect
      .poll(async () => (await serviceSessions(postgres)).inTransaction, { timeout: config.timeoutMs, intervals: [20] })
      .toBe(0);
    const truth = await happened();
    expect(results.flatMap((result, index) => lieOf(result, truth.has(index)))).toBeInvariant([]);

    await silence.heal();
    await cut.heal();
    await expect(() => target.total()).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads from PostgreSQL' });
    // A client without an answer asks again with the same key.
    const again = await load.startTogether(count, pay);
    expect(again.results.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect((await happened()).size).toBeInvariant(count);
    expect(await target.total()).toConserve(total);
    await brake.heal();
  },
);

/** The answer, if it says the opposite of what happened; nothing if it says that the outcome is unknown. */
function lieOf(result: PromiseSettledResult<unknown>, happened: boolean): readonly string[] {
  if (result.status === 'fulfilled') return happened ? [] : ['ok'];
  const outcome = outcomeOf(result.reason);
  const saysNo = outcome === 'rejected' || outcome === 'unavailable';
  return saysNo && happened ? [`${outcome}: ${String(result.reason)}`] : [];
}
