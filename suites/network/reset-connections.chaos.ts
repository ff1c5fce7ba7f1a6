import { seeded, seededTotal, test, expect, until } from '../drivers/index.js';

test(
  'connections that are reset while in use are replaced, and none is used again',
  {
    id: 'N03',
    purpose: 'A reset in the middle of a transfer is an error or a retry, and never half a transfer.',
    tag: ['@network', '@reset'],
    needs: ['count', 'transfer'],
    services: ['postgres'],
    catches: ['no-reconnect', 'transfer-without-transaction', 'pool-without-error-listener'],
  },
  async ({ target, postgres, link, inject, load, config }) => {
    const total = await seededTotal(target);
    const transfer = {
      run: ({ worker, iteration }: { worker: number; iteration: number }) =>
        target.transfer(seeded.account((worker + iteration) % 5), seeded.account(5 + ((worker * 3) % 5)), 1),
    };
    await load.warmUp(transfer);
    const pids = async (): Promise<readonly number[]> => (await postgres.sessions()).map(({ pid }) => pid);
    const before = await pids();
    if (before.length === 0) test.inconclusive('the target has no session to reset');

    // Every transfer has to wait for this lock, so that its connection is in use when it is reset.
    const locked = await inject(postgres.lockTables({ mode: 'EXCLUSIVE' }));
    const concurrency = Math.min(config.concurrentRequests, config.connectionPoolSize);
    const running = load.closed({ ...transfer, concurrency, operations: concurrency });
    await until(
      'transfers that wait in PostgreSQL',
      async () => (await postgres.sessions()).filter(({ waiting }) => waiting).length > 1,
    );
    await inject(link('target', 'postgres').reset());
    await locked.heal();
    const during = await running;
    expect(during.counts).toMatchObject({ timeout: 0, rejected: 0 });
    expect(during).toHaveLatencyBelow({ max: config.timeoutMs, outcome: 'any' });

    await expect(() => target.transfer(seeded.account(0), seeded.account(1), 1)).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'transfers',
    });
    await expect
      .poll(async () => (await pids()).filter((pid) => before.includes(pid)), {
        timeout: config.timeoutMs,
        message: 'sessions from before the reset',
      })
      .toEqual([]);
    expect(await seededTotal(target)).toConserve(total);
  },
);
