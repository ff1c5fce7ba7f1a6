import { expect, seeded, test } from '../drivers/index.js';
import { isRightlyJudged, judged } from './admission.js';

test(
  'known keys outlast an outage of their issuer',
  {
    id: 'A01',
    purpose: 'While the issuer is down, tokens of known keys are judged as before, and as fast.',
    tag: ['@auth', '@outage'],
    needs: ['increment', 'read'],
    services: ['jwks'],
    catches: ['keys-dropped-on-failed-fetch', 'fail-open-without-keys'],
  },
  async ({ target, jwks, link, inject, load, config }) => {
    const tokens = await Promise.all([
      jwks.issue({ sub: 'alice' }).then((token) => ({ token, isGood: true })),
      jwks.issue({ sub: 'bob' }).then((token) => ({ token, isGood: true })),
      jwks.issue({ sub: 'alice' }, { expiresInMs: -60_000 }).then((token) => ({ token, isGood: false })),
      jwks.issue({ sub: 'mallory' }, { kid: 'key-of-nobody' }).then((token) => ({ token, isGood: false })),
      jwks.issue({ sub: 'mallory' }, { algorithm: 'none' }).then((token) => ({ token, isGood: false })),
    ]);
    const requests = {
      run: ({ worker, iteration }: { worker: number; iteration: number }) =>
        judged(tokens[(worker + iteration) % tokens.length]!, (token) =>
          iteration % 2 === 0
            ? target.increment(seeded.counter, { token })
            : target.read(seeded.document(0), { token }),
        ),
      right: isRightlyJudged,
      concurrency: config.concurrentRequests,
    };
    const operations = Math.max(150, config.concurrentRequests * tokens.length);
    await load.warmUp({ run: () => target.read(seeded.document(0)) });
    const healthy = await load.closed({ ...requests, operations });
    expect(healthy).toHaveNoWrongResult();

    const outage = await inject(link('target', 'jwks').cut());
    // Longer than the longest cool-down, so that the keys are asked for, in vain, while it goes on.
    const during = await load.closed({ ...requests, durationMs: 1200, jitterMs: 20 });
    expect(during).toHaveNoWrongResult();
    expect(during).toHaveErrorRatioBelow(0.1);
    expect(during).toHaveLatencyBelow({ p99: config.timeoutMs / 10 });

    await outage.heal();
    await jwks.rotate();
    const next = await jwks.issue();
    await expect(() => target.read(seeded.document(0), { token: next })).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'tokens of a new key',
    });
  },
);
