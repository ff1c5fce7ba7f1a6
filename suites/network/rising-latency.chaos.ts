import { accountRows, rival, seeded, seededTotal, test, expect, untilItWaits } from '../drivers/index.js';

const ROUNDS = 2;
/** Share of a request's time by which answers are late: somewhat more than a service should wait for one. */
const LATE = 0.27;

test(
  'time-outs begin where latency passes them, and leave nothing half done',
  {
    id: 'N08',
    purpose: 'As latency rises transfers get slow, then fail in time; a connection that timed out is used no more.',
    tag: ['@network', '@timeout'],
    needs: ['count', 'transfer'],
    services: ['postgres'],
    catches: ['reuse-broken-connection'],
  },
  async ({ target, postgres, link, inject, load, config }) => {
    const total = await seededTotal(target);
    const transfer = {
      run: ({ worker, iteration }: { worker: number; iteration: number }) =>
        target.transfer(seeded.account(worker % 5), seeded.account(5 + (iteration % 5)), 1),
    };
    await load.warmUp(transfer);
    // A transfer takes some seven round trips. They fit well, and hardly.
    const concurrency = Math.min(5, config.connectionPoolSize);
    const outcomes = [];
    for (const share of [0.002, 0.02]) {
      const latencyMs = Math.max(1, Math.round(config.timeoutMs * share));
      const slow = await inject(link('target', 'postgres').latency({ latencyMs, backend: 'proxy' }));
      const during = await load.closed({ ...transfer, concurrency, operations: concurrency });
      expect(during.counts, `${latencyMs} ms`).toMatchObject({ timeout: 0, rejected: 0 });
      expect(during).toHaveLatencyBelow({ max: config.timeoutMs, outcome: 'any' });
      outcomes.push(during.counts);
      await slow.heal();
      // Whoever gets a connection now must find it clean.
      await expect(() => target.transfer(seeded.account(0), seeded.account(9), 1)).toRecoverWithin({
        timeoutMs: config.timeoutMs,
        what: `transfers after ${latencyMs} ms`,
      });
      expect(await seededTotal(target)).toConserve(total);
    }
    // An answer that is late in the middle of a transfer: what was begun on such a connection must not go on with the
    // next attempt. The transfer waits for a row while the link gets slow, so that it is in the middle for certain.
    const rows = await accountRows(target, postgres);
    if (rows === undefined) return void test.inconclusive('No row of PostgreSQL stands for an account');
    const lateMs = Math.round(config.timeoutMs * LATE);
    for (let round = 0; round < ROUNDS; round++) {
      const before = await target.count(seeded.account(0));
      const opponent = await rival(postgres, rows);
      await opponent.lock(seeded.account(0));
      const running = load.closed({
        run: () => target.transfer(seeded.account(0), seeded.account(1), 1),
        concurrency: 1,
        operations: 1,
      });
      await untilItWaits(postgres);
      // It ends by itself just when the connection is given up, so that it is used again at once, if at all.
      const late = { latencyMs: lateMs, durationMs: lateMs, direction: 'downstream', backend: 'proxy' } as const;
      await inject(link('target', 'postgres').latency(late));
      await opponent.end();
      const { counts } = await running;
      const isSure = counts.ok + counts.unavailable + counts.rejected === 1;
      await expect(() => target.count(seeded.account(0))).toRecoverWithin({ timeoutMs: config.timeoutMs });
      if (isSure) expect(before - (await target.count(seeded.account(0)))).toBeInvariant(counts.ok);
    }
    await expect(() => target.transfer(seeded.account(5), seeded.account(6), 1)).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'transfers after late answers',
    });
    expect(await seededTotal(target)).toConserve(total);
    expect(outcomes[0], 'a latency that every time-out allows for').toMatchObject({ ok: concurrency });
  },
);
