import { test, expect, seeded, serviceSessions, untilSeen } from '@chaos/suite-drivers';

test(
  'increments that start together are all counted',
  {
    id: 'K01',
    purpose: 'Who changes a figure at the same time as others loses nothing of theirs.',
    tag: ['@concurrency', '@lost-update'],
    catches: ['read-then-write-balance'],
  },
  async ({ target, postgres, load, config }) => {
    const rounds = Math.max(2, Math.ceil(config.iterations / 10));
    const increment = () => target.increment(seeded.counter);
    await load.warmUp({ run: increment });
    const before = await target.counter(seeded.counter);

    // While another session holds the row, the first increments are sure to meet there: as many as the target has
    // connections.
    const holder = await postgres.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT value FROM counters WHERE name = $1 FOR UPDATE', [seeded.counter]);
    const running = load.startTogether(config.concurrentRequests, async () => {
      const values: number[] = [];
      for (let round = 0; round < rounds; round += 1) values.push(await increment());
      return values;
    });
    const together = Math.min(2, config.connectionPoolSize, config.concurrentRequests);
    await untilSeen(
      `${together} increments wait for one row`,
      async () => (await serviceSessions(postgres)).waiting >= together,
      config.timeoutMs,
    );
    await holder.query('ROLLBACK');

    const { results } = await running;
    expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
    const values = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    expect((await target.counter(seeded.counter)) - before).toConserve(config.concurrentRequests * rounds);
    // Each of them has seen a different value.
    expect(values.length - new Set(values).size).toBeInvariant(0);
  },
);
