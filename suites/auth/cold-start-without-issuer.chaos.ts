import { test, expect, seeded, OperationError } from '@chaos/suite-drivers';

test(
  'a service that has just started admits nobody while the issuer is down',
  {
    id: 'A02',
    purpose: 'Without keys no token can be judged: everyone is refused, soon, until the issuer is back.',
    tag: ['@auth', '@outage'],
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
    const authentication = { run: () => target.whoami({ token: valid }) };
    await load.warmUp(authentication);

    const outage = await inject(jwks.down());
    await target.process.restart();
    const during = await load.closed({
      run: async ({ worker, iteration }) => {
        const [kind, token] = tokens[(worker + iteration) % tokens.length] as [string, string];
        const request = iteration % 2 === 0 ? target.whoami({ token }) : target.increment(seeded.counter, { token });
        return { kind, status: await request.then(() => 200, statusOf) };
      },
      right: ({ status }) => status >= 400,
      concurrency: config.concurrentRequests,
      // Longer than the longest cool-down, so the keys are requested in vain more than once.
      durationMs: 1200,
    });
    expect(during).toHaveNoWrongResult();
    expect(during).toHaveErrorRatioBelow(0.1);
    // One fetch and one cool-down, each at most a fifth of a request's time.
    expect(during).toHaveLatencyBelow({ max: (config.timeoutMs * 2) / 5 });

    await outage.heal();
    await expect(authentication.run).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'authentication' });
    expect(await target.counter(seeded.counter, { token: valid })).toBeInvariant(0);
  },
);

function statusOf(error: unknown): number {
  if (error instanceof OperationError && typeof error.data['status'] === 'number') return error.data['status'];
  throw error;
}
