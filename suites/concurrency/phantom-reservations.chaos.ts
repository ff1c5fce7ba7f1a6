import { outcomeOf, test, expect, until } from '../drivers/index.js';

test(
  'a room that nobody had yet is not given to two',
  {
    id: 'K17',
    purpose: 'A check of a range counts rows that others insert at the same moment (phantoms): no day has two guests.',
    tag: ['@concurrency', '@isolation'],
    needs: ['reservations', 'reserve'],
    services: ['postgres'],
    catches: ['range-checked-at-read-committed'],
  },
  async ({ target, postgres, inject, load, config, random }) => {
    const stream = random('days');
    const guests = Math.min(8, config.connectionPoolSize);
    await load.warmUp({ run: () => target.reservations('blue') });
    const held = await inject(postgres.holdCommits());
    const wishes = Array.from({ length: guests }, () => {
      const first = stream.integer(1, 6);
      return { first, last: first + stream.integer(2, 4) };
    });
    const running = load.startTogether(guests, (index) => {
      const { first, last } = wishes[index] as { first: number; last: number };
      return target.reserve('blue', first, last);
    });
    await until(
      'several that are about to commit',
      async () => (await postgres.sessions()).filter(({ heldAtCommit }) => heldAtCommit).length > 1,
    );
    await held.heal();
    const { results } = await running;

    const made = await target.reservations('blue');
    const days = made.flatMap(({ first, last }) =>
      Array.from({ length: last - first + 1 }, (_, index) => first + index),
    );
    expect(days.length - new Set(days).size, 'days with two guests').toBeInvariant(0);
    const acknowledged = results.filter(({ status }) => status === 'fulfilled').length;
    expect(made.length).toBeInvariant(acknowledged);
    expect(acknowledged).toBeGreaterThan(0);
    const others = results.flatMap((result) => (result.status === 'rejected' ? [outcomeOf(result.reason)] : []));
    expect(others.filter((outcome) => outcome !== 'rejected')).toEqual([]);
    await expect(() =>
      target.reserve('red', 1, 1).catch((error: unknown) => expect(outcomeOf(error)).toBe('rejected')),
    ).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'reservations',
    });
  },
);
