import { expect, seeded, test } from '../drivers/index.js';
import { expectFewFetches } from './few-fetches.js';
import { isRightlyJudged, judged, type JudgedToken } from './admission.js';

const ROTATIONS = 2;

test(
  'a slow issuer that rotates its keys under load costs few requests',
  {
    id: 'A20',
    purpose: 'Latency, rotation and load together: what is refused is refused rightly, and most of the rest succeeds.',
    tag: ['@auth', '@combined'],
    needs: ['increment', 'read'],
    services: ['jwks'],
    catches: ['never-refresh-keys', 'accept-expired', 'fetch-keys-every-request'],
  },
  async ({ target, jwks, inject, load, config }) => {
    const good: JudgedToken[] = [{ token: await jwks.issue(), isGood: true }];
    const bad: JudgedToken = { token: await jwks.issue({}, { expiresInMs: -60_000 }), isGood: false };
    const requests = {
      run: ({ worker, iteration }: { worker: number; iteration: number }) =>
        judged(iteration % 6 === 5 ? bad : good[(worker + iteration) % good.length]!, (token) =>
          iteration % 2 === 0
            ? target.read(seeded.document(0), { token })
            : target.increment(seeded.counter, { token }),
        ),
      right: isRightlyJudged,
      concurrency: config.concurrentRequests,
      operations: Math.max(120, config.concurrentRequests * 5),
      jitterMs: config.jitterMs,
    };
    await load.warmUp({ run: () => target.read(seeded.document(0), { token: good[0]!.token }) });

    const apartMs = config.timeoutMs / 25;
    const slow = await inject(jwks.latency(apartMs));
    for (let rotation = 0; rotation < ROTATIONS; rotation++) {
      const rotate = async (): Promise<void> => {
        await jwks.rotate();
        good.push({ token: await jwks.issue({ sub: `user-${rotation}` }), isGood: true });
      };
      await expectFewFetches({ jwks, tokens: requests.operations, apartMs }, async () => {
        const [during] = await Promise.all([load.closed(requests), rotate()]);
        expect(during).toHaveNoWrongResult();
        expect(during).toHaveSuccessRatioAtLeast(config.passRates.target / 100);
      });
    }
    await slow.heal();
    const newest = good.at(-1) as JudgedToken;
    await expect(() => target.read(seeded.document(0), { token: newest.token })).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'tokens of the newest key',
    });
    const after = await load.closed(requests);
    expect(after).toHaveNoWrongResult();
    expect(after).toHaveErrorRatioBelow(0.1);
  },
);
