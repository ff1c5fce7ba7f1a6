import { seeded, test, expect, until } from '../drivers/index.js';

const [payer, payee] = [seeded.account(0), seeded.account(1)];

test(
  'nothing remains of a transaction whose statement took too long',
  {
    id: 'D09',
    purpose: 'A transaction that the server gives up is undone as a whole, and its connection serves the next request.',
    tag: ['@database', '@timeout', '@transaction'],
    needs: ['count', 'increment', 'transfer'],
    services: ['postgres'],
    catches: ['commit-errors-ignored', 'limits-only-in-client'],
  },
  async ({ target, postgres, inject, load, config }) => {
    const figures = () => Promise.all([payer, payee, seeded.counter].map((key) => target.count(key)));
    const change = [() => target.transfer(payer, payee, 1), () => target.increment(seeded.counter)];
    await load.warmUp({ run: () => target.transfer(payee, payer, 1) });
    const before = await figures();

    // At their COMMIT, after all their changes, they wait until the server's limit ends them.
    const held = await inject(postgres.holdCommits());
    const running = load.startTogether(Math.min(4, config.connectionPoolSize), (index) =>
      (change[index % change.length] as () => Promise<unknown>)(),
    );
    await until('changes that wait at their COMMIT', async () =>
      (await postgres.sessions()).some(({ heldAtCommit }) => heldAtCommit),
    );
    const sessions = (await postgres.sessions()).map(({ pid }) => pid);
    const { results } = await running;
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeInvariant(0);
    await until('transactions that have ended in the server', async () =>
      (await postgres.sessions()).every(({ inTransaction }) => !inTransaction),
    );
    await held.heal();

    expect(await figures()).toBeInvariant(before);
    const kept = (await postgres.sessions()).filter(({ pid }) => sessions.includes(pid));
    expect(kept.length, 'connections that are used again').toBeGreaterThan(0);
    await expect(change[0] as () => Promise<unknown>).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'transfers',
    });
  },
);
