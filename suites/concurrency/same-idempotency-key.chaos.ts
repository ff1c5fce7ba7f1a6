import { test, expect, seeded, serviceSessions, untilSeen } from '@chaos/suite-drivers';

test(
  'one key, sent many times at once, is one transfer',
  {
    id: 'K14',
    purpose:
      'A client that sends the same order several times at the same moment pays once, and is told the same each time.',
    tag: ['@concurrency', '@idempotency'],
    catches: ['idempotency-key-ignored'],
  },
  async ({ target, postgres, load, config, random }) => {
    const [payer, payee] = [seeded.account(0), seeded.account(1)];
    const prefix = random('keys').integer(0, Number.MAX_SAFE_INTEGER).toString(36);
    const keys = Math.max(1, Math.floor(Math.min(config.connectionPoolSize, config.concurrentRequests) / 2));
    const total = await target.total();
    await load.warmUp({ run: () => target.balance(payer) });

    // While another session holds the row, no transfer can end: all that reach the database are in progress at the same
    // time.
    const holder = await postgres.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT balance FROM accounts WHERE id = $1 FOR UPDATE', [payer]);
    const running = load.startTogether(config.concurrentRequests, (index) =>
      target.transfer(payer, payee, 1, { key: `${prefix}-${index % keys}` }),
    );
    const together = Math.min(config.connectionPoolSize, config.concurrentRequests, keys + 1);
    await untilSeen(
      `${together} transfers with ${keys} keys wait for each other`,
      async () => (await serviceSessions(postgres)).waiting >= together,
      config.timeoutMs,
    );
    await holder.query('ROLLBACK');

    const { results } = await running;
    expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(await target.balance(payer)).toBeInvariant(seeded.balance - keys);
    expect(await target.total()).toConserve(total);
    const answers = results.map((result) => (result.status === 'fulfilled' ? result.value : undefined));
    expect(answers).toBeInvariant(answers.map((_, index) => answers[index % keys]));
  },
);
