import { once } from 'node:events';
import { createServer, connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JwksServer } from './jwks-server.js';
import { startJwks } from './start-jwks.js';

const never = new AbortController().signal;
let jwks: JwksServer;

beforeEach(async () => {
  jwks = await startJwks({ port: 0 });
});
afterEach(async () => {
  await jwks[Symbol.asyncDispose]();
});

// A verifier without cached keys, like that of a service that has just started.
async function verify(token: string): Promise<Record<string, unknown>> {
  const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(jwks.url)), {
    issuer: jwks.issuer,
    audience: jwks.audience,
  });
  return payload;
}

describe('issue()', () => {
  test('signs what a verifier accepts by the document', async () => {
    const token = await jwks.issue();
    expect(await verify(token)).toMatchObject({ sub: 'user-1', roles: ['user'], iss: jwks.issuer, aud: 'chaos' });
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'ES256', kid: jwks.keys()[0]?.kid });
  });

  test('merges claims, and leaves out those of null', async () => {
    const claims = await verify(await jwks.issue({ sub: null, roles: ['admin'], tenant: 't1' }));
    expect(claims).toMatchObject({ roles: ['admin'], tenant: 't1' });
    expect(claims).not.toHaveProperty('sub');
  });

  test.each([-1, 0, -60_000])('makes an expired token with expiresInMs %d', async (expiresInMs) => {
    await expect(verify(await jwks.issue({}, { expiresInMs }))).rejects.toMatchObject({ code: 'ERR_JWT_EXPIRED' });
  });

  test('lives at least as long as asked', async () => {
    const before = Date.now();
    const { exp = 0 } = decodeJwt(await jwks.issue({}, { expiresInMs: 1 }));
    expect(exp * 1000).toBeGreaterThanOrEqual(before + 1);
  });

  test.each(['none', 'HS256', 'ES384'] as const)('forges %s, which no verifier accepts', async (algorithm) => {
    const token = await jwks.issue({}, { algorithm });
    expect(decodeProtectedHeader(token).alg).toBe(algorithm);
    await expect(verify(token)).rejects.toThrow();
  });

  test('signs with a key nobody has for a kid nobody has', async () => {
    const token = await jwks.issue({}, { kid: 'made-up' });
    expect(decodeProtectedHeader(token).kid).toBe('made-up');
    await expect(verify(token)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
  });

  test('refuses options out of range, printing them', async () => {
    await expect(jwks.issue({}, { expiresInMs: Number.NaN })).rejects.toThrow(/expiresInMs is NaN/);
    await expect(jwks.issue({}, { algorithm: 'RS256' as never })).rejects.toThrow(
      /algorithm is "RS256", allowed are ES256/,
    );
  });
});

describe('keys', () => {
  test('an old key is good until it is withdrawn', async () => {
    const old = await jwks.issue();
    const { kid } = await jwks.rotate();
    expect(decodeProtectedHeader(await jwks.issue()).kid).toBe(kid);
    await verify(old);
    expect(jwks.withdraw()).toEqual([decodeProtectedHeader(old).kid]);
    await expect(verify(old)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
    await verify(await jwks.issue());
    expect(jwks.keys()).toMatchObject([
      { published: false, signing: false },
      { kid, published: true, signing: true },
    ]);
    expect(jwks.withdraw()).toEqual([]);
  });

  test('a withdrawn key still signs for who asks for it', async () => {
    const [first] = jwks.keys();
    await jwks.rotate();
    jwks.withdraw(first?.kid);
    const token = await jwks.issue({}, { kid: first?.kid ?? '' });
    expect(decodeProtectedHeader(token).kid).toBe(first?.kid);
    await expect(verify(token)).rejects.toThrow();
  });

  test('withdrawing an unknown key is misuse', () => {
    expect(() => jwks.withdraw('made-up')).toThrow(RangeError);
  });

  test('the document is counted, carries no caching header, and is the only one', async () => {
    const response = await fetch(jwks.url);
    expect(response.headers.get('cache-control')).toBeNull();
    expect(await response.json()).toEqual({
      keys: [expect.objectContaining({ kty: 'EC', crv: 'P-256', use: 'sig', alg: 'ES256' })],
    });
    expect((await fetch(`${jwks.issuer}/else`)).status).toBe(404);
    expect((await fetch(jwks.url, { method: 'POST' })).status).toBe(405);
    expect(jwks.requests()).toBe(1);
  });
});

describe('down()', () => {
  test('refuses connections, destroys open ones, and is back on the same port', async () => {
    const socket = connect(Number(new URL(jwks.url).port), '127.0.0.1');
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    const outage = await jwks.down().inject(never);
    await closed;
    await expect(fetch(jwks.url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await outage.heal();
    await outage.heal();
    await verify(await jwks.issue());
  });

  test('stays down until the last of two is healed', async () => {
    const [one, two] = await Promise.all([jwks.down().inject(never), jwks.down().inject(never)]);
    await one.heal();
    await expect(fetch(jwks.url)).rejects.toThrow();
    await two.heal();
    await jwks.ready(never);
  });

  test('leaves nothing behind when aborted', async () => {
    await expect(jwks.down().inject(AbortSignal.abort())).rejects.toThrow();
    await jwks.ready(never);
  });
});

describe('answers()', () => {
  const get = async (): Promise<{ status: number; type: string | null; length: number }> => {
    const response = await fetch(jwks.url);
    const { length } = await response.text();
    return { status: response.status, type: response.headers.get('content-type'), length };
  };

  test('answers otherwise until it is healed; the latest counts', async () => {
    const healthy = await get();
    const down = await jwks.answers({ status: 503 }).inject(never);
    expect(await get()).toEqual({ ...healthy, status: 503 });
    const long = await jwks.answers({ body: 'long', repeat: 1_000_000, type: 'text/html' }).inject(never);
    expect(await get()).toEqual({ status: 200, type: 'text/html', length: 4_000_000 });
    await long.heal();
    expect((await get()).status).toBe(503);
    await down.heal();
    expect(await get()).toEqual(healthy);
  });

  test('refuses what is no answer', () => {
    expect(() => jwks.answers({ status: 99 })).toThrow('status is 99, 200…599 is allowed');
    expect(() => jwks.answers({ body: 'x', repeat: 1e9 })).toThrow(RangeError);
    expect(() => jwks.answers({ type: 'text/html\nx: y' })).toThrow('in one line of Latin characters is allowed');
  });
});

describe('latency()', () => {
  test('holds answers back until it is healed', async () => {
    const slow = await jwks.latency(3_600_000).inject(never);
    const waiting = fetch(jwks.url);
    await expect.poll(() => jwks.requests()).toBe(1);
    await slow.heal();
    expect((await waiting).status).toBe(200);
    await jwks.ready(never);
  });

  test('answers after its time without being healed', async () => {
    await jwks.latency(30).inject(never);
    expect((await fetch(jwks.url)).status).toBe(200);
  });

  test.each([-1, Number.NaN, Infinity])('refuses %d', (latencyMs) => {
    expect(() => jwks.latency(latencyMs)).toThrow(RangeError);
  });
});

describe('reset()', () => {
  test('heals, and publishes the first key alone again', async () => {
    const first = jwks.keys();
    const token = await jwks.issue();
    await jwks.rotate();
    jwks.withdraw();
    await jwks.latency(3_600_000).inject(never);
    const outage = await jwks.down().inject(never);
    await jwks.reset(never);
    expect(jwks.keys()).toEqual(first);
    expect(jwks.requests()).toBe(0);
    expect(jwks.keyChanges()).toBe(3);
    await verify(token);
    await outage.heal();
    await jwks.reset(never);
    expect(jwks.keyChanges()).toBe(3);
  });

  test('goes back to the snapshot', async () => {
    const { kid } = await jwks.rotate();
    jwks.withdraw();
    await jwks.snapshot(never);
    await jwks.rotate();
    await jwks.reset(never);
    expect(jwks.keys()).toMatchObject([{ published: false }, { kid, signing: true }]);
  });

  test('fails when the document is not served', async () => {
    await jwks[Symbol.asyncDispose]();
    await expect(jwks.reset(never)).rejects.toMatchObject({
      code: 'ENVIRONMENT',
      message: expect.stringContaining(jwks.url),
    });
  });
});

test('startJwks() names a port that is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  await expect(startJwks({ port })).rejects.toMatchObject({
    code: 'ENVIRONMENT',
    message: expect.stringContaining(`127.0.0.1:${port}`),
  });
  other.close();
});
