import { expect, seeded, test } from '../drivers/index.js';
import { admission, isRightlyJudged, judged } from './admission.js';

const ROTATIONS = 2;

test(
  'an issuer that comes and goes delays a new key, and takes no old one away',
  {
    id: 'A06',
    purpose: 'Between two outages there is time for a fetch: a new key is good soon, and a good one is never refused.',
    tag: ['@auth', '@outage', '@rotation'],
    needs: ['metrics', 'read'],
    services: ['jwks'],
    catches: ['keys-dropped-on-failed-fetch', 'never-refresh-keys'],
  },
  async ({ target, jwks, link, inject, load, config }) => {
    const read = (token: string) => target.read(seeded.document(0), { token });
    const tokens = [{ token: await jwks.issue(), isGood: true }];
    await load.warmUp({ run: () => read(tokens[0]!.token) });
    const { failures } = (await target.metrics()).jwks;

    const flapping = await inject(link('target', 'jwks').flap({ upMs: 200, downMs: 200 }));
    for (let rotation = 0; rotation < ROTATIONS; rotation++) {
      await jwks.rotate();
      const token = await jwks.issue();
      const admitted = async (): Promise<void> => expect(await admission(read(token))).toBeDefined();
      await expect(admitted).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'tokens of a new key' });
      tokens.push({ token, isGood: true });
      const during = await load.closed({
        run: ({ worker, iteration }) => judged(tokens[(worker + iteration) % tokens.length]!, read),
        right: isRightlyJudged,
        concurrency: config.concurrentRequests,
        // Several periods of the link, so that fetches of every kind of timing fail.
        durationMs: 1000,
        jitterMs: 20,
      });
      expect(during).toHaveNoWrongResult();
      expect(during).toHaveErrorRatioBelow(0.1);
    }
    if ((await target.metrics()).jwks.failures === failures) test.inconclusive('No fetch of keys met an outage');

    await flapping.heal();
    await jwks.rotate();
    const newest = await jwks.issue();
    await expect(() => read(newest)).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'tokens of the newest key' });
  },
);
