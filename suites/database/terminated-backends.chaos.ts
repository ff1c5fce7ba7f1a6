import { seeded, seededTables, test, expect, until } from '../drivers/index.js';

test(
  'the total is the same in every read while sessions are terminated',
  {
    id: 'D01',
    purpose: 'Whoever looks, at whatever moment, sees whole transfers: also while their sessions are ended under them.',
    tag: ['@database', '@transaction'],
    needs: ['transfer', 'total', 'tables'],
    services: ['postgres'],
    catches: ['transfer-without-transaction', 'read-then-write-balance'],
  },
  async ({ target, postgres, inject, load, config }) => {
    const total = await target.total();
    const accounts = seededTables.rows({ config });
    const tables = await target.tables();
    const sum = async (): Promise<number> =>
      Number(
        (await postgres.query<{ total: string }>(`SELECT sum(balance) AS total FROM ${tables.accounts}`))[0]?.total,
      );
    const terminated = async (): Promise<number> => {
      const [row] = await postgres.query<{ killed: number }>(
        'SELECT sessions_killed::int AS killed FROM pg_stat_database WHERE datname = current_database()',
      );
      return row?.killed ?? 0;
    };
    const transfer: Parameters<typeof load.closed>[0]['run'] = ({ random }) => {
      const [from, to] = random.shuffle(Array.from({ length: accounts }, (_, index) => seeded.account(index)));
      return target.transfer(from as string, to as string, random.integer(1, 10));
    };
    await load.warmUp({ run: transfer });
    const terminatedBefore = await terminated();

    const durationMs = 1200;
    const right = (value: number): boolean => value === total;
    let [completed, next, isOver] = [0, 1, false];
    const running = Promise.all([
      load.closed({
        run: transfer,
        concurrency: config.concurrentRequests,
        durationMs,
        onResult: ({ outcome }) => void (completed += outcome === 'ok' ? 1 : 0),
      }),
      load.closed({
        run: () => target.total(),
        right,
        concurrency: Math.ceil(config.concurrentRequests / 10),
        durationMs,
      }),
      load.closed({ run: sum, right, concurrency: 1, durationMs }),
    ]).finally(() => (isOver = true));
    running.catch(() => {});
    for (;;) {
      await until('transfers that get through', async () => isOver || completed >= next);
      if (isOver) break;
      await inject(postgres.terminateBackends({ of: 'target' }));
      // Some must succeed, otherwise there is nothing to read.
      next = completed + config.connectionPoolSize * 5;
    }
    const [transfers, reads, sums] = await running;
    expect(reads).toHaveNoWrongResult();
    expect(sums).toHaveNoWrongResult();
    if ((await terminated()) === terminatedBefore) test.inconclusive('no session was terminated');
    expect(transfers.counts.ok).toScaleWith(config, { atLeast: 1, per: 10 });
    await expect(() => target.total()).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads from PostgreSQL' });
    expect(await sum()).toConserve(total);
  },
);
