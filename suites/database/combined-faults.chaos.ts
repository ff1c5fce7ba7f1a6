import { busyClients, seeded, test, expect, until } from '../drivers/index.js';

test(
  'transfers survive a slow link and a killed server at the same time',
  {
    id: 'D26',
    purpose: 'Latency, a crash and load together cost what the crash costs: no money, and no second outage.',
    tag: ['@database', '@crash', '@combined'],
    needs: ['count', 'transfer'],
    services: ['postgres'],
    catches: ['transfer-without-transaction', 'no-reconnect'],
  },
  async ({ target, postgres, link, inject, load, config, random }) => {
    const accounts = Array.from({ length: seeded.rows }, (_, index) => seeded.account(index));
    const sum = async (): Promise<number> =>
      (await Promise.all(accounts.map((account) => target.count(account)))).reduce((left, right) => left + right);
    const total = await sum();
    const stream = random('accounts');
    const transfer = (): Promise<unknown> => {
      const [from, to] = stream.shuffle(accounts);
      return target.transfer(from as string, to as string, 1);
    };
    await load.warmUp({ run: transfer });

    const slow = await inject(link('target', 'postgres').latency({ latencyMs: 10, jitterMs: 10 }));
    const clients = busyClients(load, config.connectionPoolSize, transfer);
    await until('transfers that get through', () => clients.counts.ok >= config.connectionPoolSize);
    await (await inject(postgres.kill())).heal();
    await expect(transfer).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'transfers on a slow link' });
    await clients.stop();

    // Still slow, and as good as ever.
    const after = await load.closed({
      run: transfer,
      concurrency: config.connectionPoolSize,
      operations: config.concurrentRequests,
    });
    expect(after).toMeetPassRate(config);
    await slow.heal();
    await expect(transfer).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'transfers' });
    expect(await sum()).toConserve(total);
  },
);
