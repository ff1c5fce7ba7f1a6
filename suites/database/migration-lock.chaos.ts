import { seeded, test, expect, until } from '../drivers/index.js';

test(
  'a migration that locks the tables costs its time, and no more',
  {
    id: 'D25',
    purpose:
      'Requests that meet an ACCESS EXCLUSIVE lock wait for a bounded time; no queue is left behind in the server.',
    tag: ['@database', '@lock'],
    needs: ['count', 'health', 'transfer'],
    services: ['postgres'],
    catches: ['limits-only-in-client'],
  },
  async ({ target, postgres, experiment, load, config }) => {
    const [payer, payee] = [seeded.account(0), seeded.account(1)];
    const sum = async (): Promise<number> => (await target.count(payer)) + (await target.count(payee));
    const total = await sum();
    const { during } = await experiment({
      steadyState: { run: () => target.count(payer) },
      fault: postgres.lockTables(),
      what: 'reads after a migration',
      during: async () => {
        const clients = config.connectionPoolSize;
        const running = load.closed({
          run: ({ worker }) => (worker % 2 > 0 ? target.count(payer) : target.transfer(payer, payee, 1)),
          concurrency: clients,
          operations: clients,
        });
        await until('a request that waits for the lock', async () =>
          (await postgres.sessions()).some(({ waiting }) => waiting),
        );
        await target.health();
        const result = await running;
        // Nobody waits for these any more, so the server must not work for them either.
        await expect
          .poll(async () => (await postgres.sessions()).filter(({ waiting }) => waiting).length, {
            timeout: config.timeoutMs / 10,
            message: 'statements in the queue for the lock that were given up',
          })
          .toBe(0);
        return result;
      },
      invariants: async () => expect(await sum()).toConserve(total),
    });
    expect(during.counts).toMatchObject({ ok: 0, timeout: 0, unavailable: during.operations });
  },
);
