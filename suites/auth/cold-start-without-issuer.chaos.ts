import { seeded, test, expect } from '../drivers/index.js';
import { isAdmitted } from './admission.js';

test(
  'a service that has just started admits nobody while the issuer is down',
  {
    id: 'A02',
    purpose: 'Without keys no token can be judged: everyone is refused, soon, until the issuer is back.',
    tag: ['@auth', '@outage'],
    needs: ['count', 'increment', 'read'],
    services: ['jwks'],
    catches: ['fail-open-without-keys'],
  },
  async ({ target, jwks, inject, load, config }) => {
    const [valid, unpublished, unsigned, expired] = await Promise.all([
      jwks.issue(),
      jwks.issue({ sub: 'intruder', roles: ['admin'] }, { kid: 'key-of-nobody' }),
      jwks.issue({ sub: 'intruder' }, { algorithm: 'none' }),
      jwks.issue({}, { expiresInMs: -60_000 }),
    ]);
    const tokens = Object.entries({ valid, unpublished, unsigned, expired });
    const read = (token: string) => target.read(seeded.document(0), { token });
    const authentication = { run: () => read(valid) };
    const before = await target.count(seeded.counter);
    await load.warmUp(authentication);

    const outage = await inject(jwks.down());
    await target.process.restart();
    const during = await load.closed({
      run: async ({ worker, iteration }) => {
        const [kind, token] = tokens[(worker + iteration) % tokens.length] as [string, string];
        const request = iteration % 2 === 0 ? read(token) : target.increment(seeded.counter, { token });
        return { kind, isAdmitted: await isAdmitted(request) };
      },
      right: (answer) => !answer.isAdmitted,
      concurrency: config.concurrentRequests,
      // Longer than the longest cool-down, so the keys are requested in vain more than once.
      durationMs: 1200,
    });
    expect(during).toHaveNoWrongResult();
    expect(during).toHaveErrorRatioBelow(0.1);
    expect(during).toHaveLatencyBelow({ max: config.timeoutMs });

    await outage.heal();
    await expect(authentication.run).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'authentication' });
    expect(await target.count(seeded.counter, { token: valid })).toBeInvariant(before);
  },
);
