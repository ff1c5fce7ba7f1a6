import { outcomeOf, test, expect, until } from '../drivers/index.js';

const item = (index: number): string => `shelf-${index}`;

test(
  'of many who take the same name at once, one gets it',
  {
    id: 'K02',
    purpose:
      'A unique name goes to one of those who ask at the same time; the others are told why, and change nothing.',
    tag: ['@concurrency', '@constraint'],
    needs: ['book', 'set', 'stock', 'tables'],
    services: ['postgres'],
    catches: ['check-then-insert'],
  },
  async ({ target, postgres, inject, load, config }) => {
    const count = config.connectionPoolSize;
    const { bookings } = await target.tables();
    await target.set({ stock: Object.fromEntries(Array.from({ length: count }, (_, index) => [item(index), 10])) });
    await load.warmUp({ run: () => target.stock(item(0)) });

    // Different items, so that they meet at the name only; the first one cannot commit before others wait for it.
    const held = await inject(postgres.holdCommits());
    const running = load.startTogether(count, (index) => target.book(item(index), 1, { reference: 'the-one' }));
    await until('bookings that wait for the name', async () => {
      const sessions = await postgres.sessions();
      return sessions.some(({ heldAtCommit }) => heldAtCommit) && sessions.filter(({ waiting }) => waiting).length > 1;
    });
    await held.heal();

    const { results } = await running;
    const outcomes = results.map((result) => (result.status === 'rejected' ? outcomeOf(result.reason) : 'ok'));
    expect(outcomes.filter((outcome) => outcome === 'ok').length).toBeInvariant(1);
    const made = await postgres.query<{ item: string }>(`SELECT item FROM ${bookings} WHERE reference = 'the-one'`);
    expect(made).toBeInvariant([{ item: item(outcomes.indexOf('ok')) }]);
    const left = await Promise.all(results.map((_, index) => target.stock(item(index))));
    expect(left.map(({ quantity }) => quantity)).toBeInvariant(outcomes.map((outcome) => (outcome === 'ok' ? 9 : 10)));
    expect(outcomes.filter((outcome) => outcome !== 'ok' && outcome !== 'rejected')).toEqual([]);
    const next = () => target.book(item(0), 1);
    await expect(next).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'bookings of other names' });
  },
);
