import { test, expect, seeded, serviceSessions, untilSeen } from '@chaos/suite-drivers';

test(
  'the total survives a PostgreSQL that is killed',
  {
    id: 'D02',
    purpose: 'After a crash of the database every transfer is there as a whole, or not at all.',
    tag: ['@database', '@crash'],
    catches: ['transfer-without-transaction'],
  },
  async ({ target, postgres, inject, load, config }) => {
    const total = await target.total();
    const accounts = seeded.rows({ config });
    const [payer, payee] = [seeded.account(accounts - 2), seeded.account(accounts - 1)];
    const transfer: Parameters<typeof load.closed>[0]['run'] = ({ random }) => {
      const [from, to] = random.shuffle(Array.from({ length: accounts - 2 }, (_, index) => seeded.account(index)));
      return target.transfer(from as string, to as string, random.integer(1, 10));
    };
    await load.warmUp({ run: transfer });

    // The crash hits transfers at any of their steps, and one certainly before its last: another session holds the
    // account that is credited.
    const holder = await postgres.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT balance FROM accounts WHERE id = $1 FOR UPDATE', [payee]);
    const held = load.startTogether(Math.max(1, Math.floor(config.connectionPoolSize / 5)), () =>
      target.transfer(payer, payee, 10),
    );
    const during = load.closed({ run: transfer, concurrency: config.concurrentRequests, durationMs: 600 });
    during.catch(() => {});
    const isUnderWay = async (): Promise<boolean> => {
      const { waiting, inTransaction } = await serviceSessions(postgres);
      return waiting >= 1 && inTransaction >= Math.min(2, config.connectionPoolSize);
    };
    await untilSeen('a transfer that waits and another under way', isUnderWay, config.timeoutMs);
    const crash = await inject(postgres.kill());
    await crash.heal();

    await expect(() => target.total()).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads from PostgreSQL' });
    await Promise.all([held, during]);
    const [row] = await postgres.query<{ total: string }>('SELECT sum(balance) AS total FROM accounts');
    expect(Number(row?.total)).toConserve(total);
    expect(await target.total()).toConserve(total);
  },
);
