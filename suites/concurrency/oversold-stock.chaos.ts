import { outcomeOf, test, expect } from '../drivers/index.js';

test(
  'no more is sold than there is',
  {
    id: 'K03',
    purpose: 'More buyers than pieces: each piece is sold once, the rest are told that it is sold out.',
    tag: ['@concurrency', '@lost-update'],
    needs: ['book', 'set', 'stock'],
    services: ['postgres'],
    catches: ['check-outside-transaction'],
  },
  async ({ target, link, inject, load, config }) => {
    const buyers = Math.min(config.concurrentRequests, config.connectionPoolSize * 3);
    const pieces = Math.ceil(buyers / 3);
    await target.set({ stock: { scarce: pieces } });
    await load.warmUp({ run: () => target.stock('scarce') });

    // On a slow link all of them have read before the first has written.
    const slow = await inject(link('target', 'postgres').latency({ latencyMs: 5, jitterMs: 5 }));
    let isOver = false;
    const watching = load.startTogether(1, async () => {
      while (!isOver) {
        const { quantity, booked } = await target.stock('scarce');
        expect(quantity + booked).toConserve(pieces);
        expect(quantity >= 0).toBeInvariant(true);
      }
    });
    const { results } = await load.startTogether(buyers, (index) =>
      target.book('scarce', 1, { reference: `buyer-${index}` }),
    );
    isOver = true;
    await slow.heal();
    await expect(() => target.stock('scarce')).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads of stock' });

    const outcomes = results.map((result) => (result.status === 'rejected' ? outcomeOf(result.reason) : 'ok'));
    const sold = outcomes.filter((outcome) => outcome === 'ok').length;
    expect((await target.stock('scarce')).booked).toBeInvariant(sold);
    expect((await watching).results).toMatchObject([{ status: 'fulfilled' }]);
    // Only who came too late goes away empty-handed; who lost against others too often may try again.
    const late = outcomes.filter((outcome) => outcome === 'rejected').length;
    expect(late > 0 && sold < pieces).toBeInvariant(false);
    const again = await load.startTogether(buyers - sold, (index) =>
      target.book('scarce', 1, { reference: `again-${index}` }),
    );
    expect(again.results.filter(({ status }) => status === 'fulfilled').length).toBeInvariant(pieces - sold);
  },
);
