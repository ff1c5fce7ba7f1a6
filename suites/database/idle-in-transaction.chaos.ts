import { seeded, test, expect, until } from '../drivers/index.js';

const [payer, payee] = [seeded.account(0), seeded.account(1)];

test(
  'a transaction whose client does nothing is ended by the server',
  {
    id: 'D12',
    purpose: 'A service that hangs in the middle of a transaction blocks the others for a while only, and recovers.',
    tag: ['@database', '@timeout'],
    needs: ['count', 'transfer'],
    services: ['postgres'],
    catches: ['limits-only-in-client'],
  },
  async ({ target, postgres, link, inject, load, config }) => {
    const sum = async (): Promise<number> => (await target.count(payer)) + (await target.count(payee));
    const total = await sum();
    await load.warmUp({ run: () => target.transfer(payer, payee, 1) });

    // On a slow link a transaction is idle most of its time.
    const slow = await inject(link('target', 'postgres').latency({ latencyMs: 40 }));
    const running = load.startTogether(config.connectionPoolSize, () => target.transfer(payer, payee, 1));
    const idle = async (): Promise<number> =>
      (await postgres.sessions()).filter(({ state }) => state.startsWith('idle in transaction')).length;
    await until('transactions that wait for their client', async () => (await idle()) > 0);
    const hang = await inject(target.process.stop());
    await until('a transaction whose client hangs', async () => (await idle()) > 0, { timeoutMs: 500 });
    await expect
      .poll(async () => (await postgres.sessions()).filter(({ inTransaction }) => inTransaction).length, {
        timeout: config.timeoutMs,
        message: 'transactions of the service that hangs',
      })
      .toBe(0);
    await hang.heal();
    await slow.heal();

    await running;
    await expect(() => target.transfer(payer, payee, 1)).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'transfers',
    });
    expect(await sum()).toConserve(total);
  },
);
