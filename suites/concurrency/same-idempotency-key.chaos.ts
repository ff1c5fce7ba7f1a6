import { test, expect, seeded, seededTotal, until } from '../drivers/index.js';

test(
  'one key, sent many times at once, is one transfer',
  {
    id: 'K14',
    purpose:
      'A client that sends the same order several times at the same moment pays once, and is told the same each time.',
    tag: ['@concurrency', '@idempotency'],
    needs: ['count', 'transfer'],
    services: ['postgres'],
    catches: ['idempotency-key-ignored'],
  },
  async ({ target, postgres, inject, load, config, random }) => {
    const [payer, payee] = [seeded.account(0), seeded.account(1)];
    const prefix = random('keys').integer(0, Number.MAX_SAFE_INTEGER).toString(36);
    const keys = Math.max(1, Math.floor(Math.min(config.connectionPoolSize, config.concurrentRequests) / 2));
    const total = await seededTotal(target);
    await load.warmUp({ run: () => target.count(payer) });

    // No transfer can end: all that reach the database are in progress at the same time.
    const held = await inject(postgres.holdCommits());
    const running = load.startTogether(config.concurrentRequests, (index) =>
      target.transfer(payer, payee, 1, { key: `${prefix}-${index % keys}` }),
    );
    const together = Math.min(config.connectionPoolSize, config.concurrentRequests, keys + 1);
    await until(
      `${together} transfers with ${keys} keys wait for each other`,
      async () => (await postgres.sessions()).filter(({ waiting }) => waiting).length >= together,
    );
    await held.heal();

    const { results } = await running;
    expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(await target.count(payer)).toBeInvariant(seeded.balance - keys);
    expect(await seededTotal(target)).toConserve(total);
    const answers = results.map((result) => (result.status === 'fulfilled' ? result.value : undefined));
    expect(answers).toBeInvariant(answers.map((_, index) => answers[index % keys]));
  },
);
