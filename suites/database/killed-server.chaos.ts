import { test, expect, seeded, until } from '../drivers/index.js';

/** Transfers of each client that get through before the crash: by then no two clients are at the same step. */
const ROUNDS = 3;

test(
  'the total survives a PostgreSQL that is killed',
  {
    id: 'D02',
    purpose: 'After a crash of the database every transfer is there as a whole, or not at all.',
    tag: ['@database', '@crash'],
    needs: ['count', 'transfer'],
    services: ['postgres'],
    catches: ['transfer-without-transaction'],
  },
  async ({ target, postgres, link, inject, load, config }) => {
    const accounts = Array.from({ length: seeded.rows }, (_, index) => seeded.account(index));
    const sum = async (): Promise<number> =>
      (await Promise.all(accounts.map((account) => target.count(account)))).reduce((left, right) => left + right);
    const total = await sum();
    const transfer: Parameters<typeof load.closed>[0]['run'] = ({ random }) => {
      const [from, to] = random.shuffle(accounts);
      return target.transfer(from as string, to as string, random.integer(1, 10));
    };
    await load.warmUp({ run: transfer });

    // Every message to PostgreSQL takes its time, so the crash finds transfers between any two of their steps.
    const slow = await inject(link('target', 'postgres').latency({ latencyMs: 5, jitterMs: 10 }));
    const clients = config.connectionPoolSize * 2;
    let [completed, isOver] = [0, false];
    const during = load
      .closed({
        run: transfer,
        concurrency: clients,
        durationMs: 2500,
        onResult: ({ outcome }) => void (completed += outcome === 'ok' ? 1 : 0),
      })
      .finally(() => (isOver = true));
    during.catch(() => {});
    await until('transfers that get through', async () => isOver || completed >= clients * ROUNDS);
    const crash = await inject(postgres.kill());
    await slow.heal();
    await crash.heal();

    await expect(() => target.count(seeded.account(0))).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'reads from PostgreSQL',
    });
    await during;
    expect(await sum()).toConserve(total);
  },
);
