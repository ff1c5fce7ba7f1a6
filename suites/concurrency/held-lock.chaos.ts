import { outcomeOf, seeded, test, expect, until } from '../drivers/index.js';

const [payer, payee] = [seeded.account(0), seeded.account(1)];

test(
  'whoever waits for a lock too long is told so, and succeeds later',
  {
    id: 'K07',
    purpose: 'A lock that is held beyond the limit costs an error in time that says that nothing happened.',
    tag: ['@concurrency', '@lock', '@timeout'],
    needs: ['count', 'increment', 'transfer'],
    services: ['postgres'],
    catches: ['limits-only-in-client'],
  },
  async ({ target, postgres, inject, load, config }) => {
    const figures = () => Promise.all([payer, payee, seeded.counter].map((key) => target.count(key)));
    const change = [
      (index: number) => target.transfer(payer, payee, 1, { key: `held-${index}` }),
      () => target.increment(seeded.counter),
    ];
    await load.warmUp({ run: () => target.count(payer) });
    const [before = 0, , counted = 0] = await figures();
    const count = Math.min(6, config.connectionPoolSize);
    const ask = (index: number): Promise<unknown> => (change[index % 2] as (index: number) => Promise<unknown>)(index);

    const locked = await inject(postgres.lockTables());
    const running = load.startTogether(count, ask);
    await until('changes that wait for the lock', async () =>
      (await postgres.sessions()).some(({ waiting }) => waiting),
    );
    const outcomes = (await running).results.map((result) =>
      result.status === 'rejected' ? outcomeOf(result.reason) : 'ok',
    );
    const queued = (await postgres.sessions()).filter(({ waiting }) => waiting).length;
    await locked.heal();
    // Not "unknown": the server has answered that it gave up, so the client may simply try again.
    expect(outcomes).toEqual(outcomes.map(() => 'unavailable'));
    expect(queued, 'waiters that were told that they wait no more').toBeInvariant(0);
    expect(await target.count(seeded.counter)).toBeInvariant(counted);

    await expect(() => target.count(payer)).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads' });
    const again = await load.startTogether(count, ask);
    expect(again.results.filter(({ status }) => status === 'rejected')).toEqual([]);
    const transfers = Math.ceil(count / 2);
    expect(await target.count(payer)).toBeInvariant(before - transfers);
    expect(await target.count(seeded.counter)).toBeInvariant(counted + count - transfers);
  },
);
