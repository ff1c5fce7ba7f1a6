import { expect, seeded, test } from '../drivers/index.js';
import { isAdmitted, isRightlyJudged, judged } from './admission.js';
import { expectFewFetches } from './few-fetches.js';

test(
  'an issuer that fails is asked once a cool-down, not once a token',
  {
    id: 'A04',
    purpose: 'Tokens of a key that cannot be fetched do not hit an issuer in trouble, and known keys stay good.',
    tag: ['@auth', '@outage'],
    needs: ['read'],
    services: ['jwks'],
    catches: ['fetch-keys-every-request', 'keys-dropped-on-failed-fetch'],
  },
  async ({ target, jwks, inject, load, config }) => {
    const read = (token: string) => target.read(seeded.document(0), { token });
    const known = { token: await jwks.issue(), isGood: true };
    await load.warmUp({ run: () => read(known.token) });

    const requests = Math.max(150, config.concurrentRequests * 3);
    for (const status of [500, 503]) {
      const failing = await inject(jwks.answers({ status }));
      await jwks.rotate();
      const unknown = { token: await jwks.issue(), isGood: false };
      await expectFewFetches({ jwks, tokens: requests }, async () => {
        const during = await load.closed({
          run: ({ iteration }) => judged(iteration % 5 === 0 ? known : unknown, read),
          right: isRightlyJudged,
          concurrency: config.concurrentRequests,
          operations: requests,
        });
        expect(during).toHaveNoWrongResult();
        expect(during).toHaveErrorRatioBelow(0.1);
      });
      expect(await isAdmitted(read(known.token))).toBeInvariant(true);

      await failing.heal();
      await expect(() => read(unknown.token)).toRecoverWithin({
        timeoutMs: config.timeoutMs,
        what: `tokens of a new key after ${status}`,
      });
    }
  },
);
