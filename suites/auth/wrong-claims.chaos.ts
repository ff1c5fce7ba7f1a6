import { expect, InvariantViolation, OperationError, seeded, test } from '../drivers/index.js';

test(
  'a token for somebody else is refused, and the answer says why, and no more',
  {
    id: 'A14',
    purpose: 'Signed is not enough: issuer, audience, subject and time must fit, or the claim is named.',
    tag: ['@auth', '@input'],
    needs: ['count', 'increment', 'whoami'],
    services: ['jwks'],
    catches: ['skip-audience'],
  },
  async ({ target, jwks, load }) => {
    const seconds = Math.floor(Date.now() / 1000);
    const wrong: readonly (readonly [claim: string, claims: Parameters<typeof jwks.issue>[0]])[] = [
      ...['https://issuer.example', `${jwks.issuer}/`, jwks.issuer.toUpperCase(), '', null].map(
        (iss) => ['iss', { iss }] as const,
      ),
      ...['other', `${jwks.audience}-admin`, '', null].map((aud) => ['aud', { aud }] as const),
      ['aud', { aud: ['one', 'two'] }],
      ['sub', { sub: null }],
      ['sub', { sub: '' }],
      ['nbf', { nbf: seconds + 3600 }],
      ['exp', { exp: null }],
      ['exp', { exp: seconds - 3600 }],
    ];
    const good = await Promise.all([
      jwks.issue({ sub: 'alice' }),
      jwks.issue({ sub: 'alice', aud: ['other', jwks.audience] }),
    ]);
    await load.warmUp({ run: () => target.whoami({ token: good[0] as string }) });
    const before = await target.count(seeded.counter);

    for (const token of good) expect((await target.whoami({ token })).subject).toBeInvariant('alice');
    for (const [claim, claims] of wrong) {
      const token = await jwks.issue(claims);
      const answers = await Promise.allSettled([target.whoami({ token }), target.increment(seeded.counter, { token })]);
      for (const answer of answers) {
        if (answer.status === 'fulfilled')
          throw new InvariantViolation(`A token with a wrong ${claim} was admitted: ${JSON.stringify(claims)}`);
        const error: unknown = answer.reason;
        if (!(error instanceof OperationError))
          throw new Error('The request ended without an answer', { cause: error });
        expect(error.outcome).toBe('rejected');
        expect(error.data['status']).toBe(401);
        expect(error.message).toContain(claim);
        for (const secret of [token, jwks.issuer, 'node_modules', '    at ', 'postgres'])
          expect(error.message).not.toContain(secret);
      }
    }
    expect(await target.count(seeded.counter)).toBeInvariant(before);
  },
);
