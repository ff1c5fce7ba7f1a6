import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { expect, seeded, test } from '../drivers/index.js';
import { isRightlyJudged, judged } from './admission.js';

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

test(
  'a token that says how it wants to be verified is not believed',
  {
    id: 'A13',
    purpose: 'The issuer decides on algorithm and key, not the token: every known forgery is refused, on every path.',
    tag: ['@auth', '@input'],
    needs: ['count', 'increment', 'read', 'transfer'],
    services: ['jwks'],
    catches: ['accept-alg-none', 'verified-tokens-cached-by-signature', 'accept-hs256-with-public-key'],
  },
  async ({ target, jwks, load, config }) => {
    const good = await jwks.issue({ sub: 'alice' });
    const [header = '', payload = '', signature = ''] = good.split('.');
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { readonly kid: string };
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const forged = encoded({ ...claims, sub: 'mallory', roles: ['admin'] });
    const ownSigned = (more: object): string => {
      const text = `${encoded({ alg: 'ES256', typ: 'JWT', kid, ...more })}.${forged}`;
      return `${text}.${sign('sha256', Buffer.from(text), { key: own.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
    };
    const hmac = (secret: string): string => {
      const text = `${encoded({ alg: 'HS256', typ: 'JWT', kid })}.${forged}`;
      return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
    };
    const bad = [
      ...['none', 'None', 'NONE', ''].map((alg) => `${encoded({ alg, kid })}.${forged}.`),
      `${encoded({ alg: 'none' })}.${forged}.`,
      `${header}.${forged}.${signature}`,
      `${header}.${forged}.`,
      `${header}.${payload}.${Buffer.alloc(64).toString('base64url')}`,
      ownSigned({}),
      ownSigned({ jwk: own.publicKey.export({ format: 'jwk' }) }),
      ownSigned({ kid: '../../../../dev/null' }),
      ownSigned({ crit: ['exp'] }),
      hmac(''),
      hmac(kid),
      ...(await Promise.all([
        jwks.issue({ sub: 'mallory' }, { algorithm: 'none' }),
        jwks.issue({ sub: 'mallory' }, { algorithm: 'HS256' }),
        jwks.issue({ sub: 'mallory' }, { algorithm: 'ES384' }),
      ])),
    ];
    const tokens = [{ token: good, isGood: true }, ...bad.map((token) => ({ token, isGood: false }))];
    const paths = [
      (token: string) => target.read(seeded.document(0), { token }),
      (token: string) => target.count(seeded.counter, { token }),
      (token: string) => target.increment('counter-of-nobody', { token }),
      (token: string) => target.transfer(seeded.account(0), seeded.account(1), 1, { token }),
    ];
    await load.warmUp({ run: () => target.read(seeded.document(0), { token: good }) });
    const before = await target.count(seeded.account(0));
    const all = tokens.flatMap((token) =>
      paths.slice(0, token.isGood ? 2 : paths.length).map((path) => ({ token, path })),
    );
    let next = 0;
    const judgements = await load.closed({
      run: () => {
        const { token, path } = all[next++ % all.length]!;
        return judged(token, path);
      },
      right: isRightlyJudged,
      concurrency: config.concurrentRequests,
      operations: all.length * 4,
    });
    expect(judgements).toHaveNoWrongResult();
    expect(judgements).toHaveErrorRatioBelow(0.1);
    expect(await target.count(seeded.account(0))).toBeInvariant(before);
  },
);
