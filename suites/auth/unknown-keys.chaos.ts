import { expect, seeded, test } from '../drivers/index.js';
import { isRightlyJudged, judged } from './admission.js';
import { expectFewFetches } from './few-fetches.js';

test(
  'a flood of invented keys costs the issuer nothing, nor those with good tokens',
  {
    id: 'A08',
    purpose: 'Anyone can write a key id into a token: it must not make the service ask its issuer each time.',
    tag: ['@auth', '@load'],
    needs: ['read'],
    services: ['jwks'],
    catches: ['fetch-keys-every-request'],
  },
  async ({ target, jwks, load, random, config }) => {
    const read = (token: string) => target.read(seeded.document(0), { token });
    const good = { token: await jwks.issue(), isGood: true };
    const forged = await jwks.issue({ sub: 'mallory' }, { kid: 'key-of-nobody' });
    const [, ...rest] = forged.split('.');
    const invented = random('key ids');
    const withAnotherKey = (): string => {
      const header = { alg: 'ES256', typ: 'JWT', kid: `key-${invented.integer(0, 1_000_000_000)}` };
      return [Buffer.from(JSON.stringify(header)).toString('base64url'), ...rest].join('.');
    };
    await load.warmUp({ run: () => read(good.token) });

    const operations = Math.max(300, config.concurrentRequests * 6);
    await expectFewFetches({ jwks, tokens: operations }, async () => {
      const flood = await load.closed({
        run: ({ iteration }) => judged(iteration % 4 === 0 ? good : { token: withAnotherKey(), isGood: false }, read),
        right: isRightlyJudged,
        concurrency: config.concurrentRequests,
        operations,
      });
      expect(flood).toHaveNoWrongResult();
      expect(flood).toHaveErrorRatioBelow(0.1);
      expect(flood).toHaveLatencyBelow({ max: config.timeoutMs });
    });
    const after = await load.closed({
      run: () => judged(good, read),
      right: isRightlyJudged,
      operations: 20,
      concurrency: 4,
    });
    expect(after).toHaveNoWrongResult();
    expect(after).toHaveSuccessRatioAtLeast(1);
  },
);
