import { expect, outcomeOf, seeded, test, until } from '../drivers/index.js';
import { isRightlyJudged, judged } from './admission.js';

test(
  'a restart loses no token and no acknowledged request',
  {
    id: 'A19',
    purpose: 'Once it says that it is ready again, everyone who was admitted before is admitted at once.',
    tag: ['@auth', '@restart'],
    needs: ['count', 'increment', 'read'],
    services: ['jwks'],
    catches: ['write-behind-counters'],
  },
  async ({ target, jwks, load, config }) => {
    const tokens = await Promise.all(
      ['alice', 'bob'].map(async (sub) => ({ token: await jwks.issue({ sub }), isGood: true })),
    );
    const bad = { token: await jwks.issue({}, { expiresInMs: -60_000 }), isGood: false };
    const all = [...tokens, bad];
    await load.warmUp({ run: () => target.read(seeded.document(0), { token: tokens[0]!.token }) });

    for (const end of ['gracefully', 'by force'] as const) {
      let [acknowledged, unknown] = [0, 0];
      const counted = await target.count(seeded.counter);
      const running = load.closed({
        run: async ({ worker, iteration }) => {
          const one = all[(worker + iteration) % all.length]!;
          const increment = (token: string) =>
            target.increment(seeded.counter, { token }).then(
              () => (acknowledged += 1),
              (error: unknown) => {
                if (outcomeOf(error) !== 'rejected' && outcomeOf(error) !== 'unavailable') unknown += 1;
                throw error;
              },
            );
          return judged(one, increment);
        },
        right: isRightlyJudged,
        concurrency: config.concurrentRequests,
        operations: config.concurrentRequests * 5,
        jitterMs: 20,
      });
      await until('requests that are admitted before the end', () => acknowledged > 0);
      if (end === 'gracefully') await target.process.shutdown();
      await target.process.restart();
      const during = await running;
      expect(during).toHaveNoWrongResult();
      const settled = await load.closed({
        run: ({ worker, iteration }) =>
          judged(all[(worker + iteration) % all.length]!, (token) => target.read(seeded.document(0), { token })),
        right: isRightlyJudged,
        concurrency: config.concurrentRequests,
        operations: config.concurrentRequests * 2,
      });
      expect(settled).toHaveNoWrongResult();
      expect(settled).toHaveErrorRatioBelow(0.1);
      const added = (await target.count(seeded.counter)) - counted;
      expect({ added, isExplained: added >= acknowledged && added <= acknowledged + unknown }).toBeInvariant({
        added,
        isExplained: true,
      });
    }
  },
);
