import { busyClients, seeded, test, expect, until, type Postgres } from '../drivers/index.js';

// Of all sessions that have ended: a session tells the server its own when it ends.
async function deadlocksOf(postgres: Postgres): Promise<number> {
  const [row] = await postgres.query<{ deadlocks: number }>(
    'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
  );
  return row?.deadlocks ?? 0;
}

test(
  'transfers in every direction survive the loss of their sessions',
  {
    id: 'K22',
    purpose:
      'Contention, ended sessions and load together: each transfer happens once or not at all, and is told right.',
    tag: ['@concurrency', '@combined'],
    needs: ['count', 'transfer'],
    services: ['postgres'],
    catches: ['transfer-without-transaction', 'lock-order-by-argument', 'retry-not-idempotent'],
  },
  async ({ target, postgres, link, inject, load, config, random }) => {
    const accounts = [0, 1, 2].map((index) => seeded.account(index));
    const figures = () => Promise.all(accounts.map((account) => target.count(account)));
    const before = await figures();
    const stream = random('directions');
    const moved = accounts.map(() => 0);
    let asked = 0;
    const transfer = async (): Promise<void> => {
      const [from, to] = stream.shuffle([0, 1, 2]) as [number, number];
      asked += 1;
      await target.transfer(accounts[from] as string, accounts[to] as string, 1);
      moved[from] = (moved[from] ?? 0) - 1;
      moved[to] = (moved[to] ?? 0) + 1;
    };
    await load.warmUp({ run: transfer });
    // Earlier tests provoke deadlocks, too: the sessions that met them end, and count here no more.
    await inject(postgres.terminateBackends({ of: 'target' }));
    const deadlocksBefore = await deadlocksOf(postgres);
    const alert = await inject(postgres.setting('deadlock_timeout', '20ms'));
    await expect(transfer).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'transfers with the setting' });
    const slow = await inject(link('target', 'postgres').latency({ latencyMs: 2, jitterMs: 4 }));
    const clients = busyClients(load, config.connectionPoolSize, transfer);
    for (let round = 1; round <= 3; round += 1) {
      const enough = clients.counts.ok + config.connectionPoolSize * 2;
      await until('transfers that get through', () => clients.counts.ok >= enough);
      await inject(postgres.terminateBackends({ of: 'target' }));
    }
    const enough = clients.counts.ok + config.connectionPoolSize * 4;
    await until('transfers after the last loss', () => clients.counts.ok >= enough);
    await clients.stop();
    await slow.heal();
    await inject(postgres.terminateBackends({ of: 'target' }));
    const deadlocks = (await deadlocksOf(postgres)) - deadlocksBefore;
    await expect(figures).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads' });

    const after = await figures();
    const sum = (numbers: readonly number[]): number => numbers.reduce((left, right) => left + right, 0);
    expect(sum(after)).toConserve(sum(before));
    // Each unknown outcome may have moved 1 away from what was acknowledged, in both accounts.
    const off = after.map((value, index) => Math.abs(value - (before[index] ?? 0) - (moved[index] ?? 0)));
    expect(
      sum(off) <= 2 * clients.counts.unknown,
      `${off.join(', ')} beyond ${clients.counts.unknown} unknown`,
    ).toBeInvariant(true);
    // The service takes locks in one order, so nobody waits in a circle.
    expect(deadlocks, 'deadlocks among transfers').toBe(0);
    await alert.heal();
    await expect(transfer).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'transfers' });
    expect(asked).toBeGreaterThan(clients.counts.ok);
  },
);
