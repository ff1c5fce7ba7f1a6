import { seeded, test, expect, until } from '../drivers/index.js';

const [payer, payee] = [seeded.account(0), seeded.account(1)];

test(
  'a client that vanishes leaves neither half a transaction nor a lock',
  {
    id: 'D10',
    purpose: 'When the service dies in the middle of transactions the database takes them back, and soon.',
    tag: ['@database', '@crash', '@transaction'],
    needs: ['count', 'increment', 'transfer'],
    services: ['postgres'],
    catches: ['limits-only-in-client'],
  },
  async ({ target, postgres, inject, load, config }) => {
    const keys = [payer, payee, seeded.counter];
    await load.warmUp({ run: () => target.count(payer) });
    const before = await Promise.all(keys.map((key) => target.count(key)));

    const held = await inject(postgres.holdCommits());
    const running = load.startTogether(Math.min(4, config.connectionPoolSize), (index) =>
      index % 2 === 0 ? target.transfer(payer, payee, 1) : target.increment(seeded.counter),
    );
    await until('changes that wait at their COMMIT', async () =>
      (await postgres.sessions()).some(({ heldAtCommit }) => heldAtCommit),
    );
    const death = await inject(target.process.kill());
    expect((await running).results.filter(({ status }) => status === 'fulfilled').length).toBeInvariant(0);
    // Nobody tells the server; it has to look after its clients, or to have a limit for their statements.
    await expect
      .poll(async () => (await postgres.sessions()).length, {
        timeout: config.timeoutMs,
        message: 'sessions of the dead service',
      })
      .toBe(0);
    await held.heal();

    await death.heal();
    await expect(() => target.count(payer)).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'the service' });
    expect(await Promise.all(keys.map((key) => target.count(key)))).toBeInvariant(before);
    await target.transfer(payer, payee, 1);
  },
);
