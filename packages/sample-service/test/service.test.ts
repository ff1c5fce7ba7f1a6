import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, TIMEOUT_MS, type Running, type World } from './world.js';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

let world: World;
let service: Running;
beforeAll(async () => {
  world = await createWorld();
  service = await world.start();
  await service.seed({
    accounts: { a: 100, b: 100 },
    counters: { c: 0 },
    documents: { d: 'old', e: '€' },
    stock: { s: 5 },
  });
}, 60_000);
afterAll(async () => {
  await service?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

describe('errors name their code', () => {
  const cases: readonly [string, string, object | undefined, number, string][] = [
    ['GET', '/documents/none', undefined, 404, 'NOT_FOUND'],
    ['GET', '/documents/e/export?charset=latin1', undefined, 422, 'UNENCODABLE'],
    ['GET', '/counters/none', undefined, 404, 'NOT_FOUND'],
    ['GET', '/nowhere', undefined, 404, 'NOT_FOUND'],
    ['POST', '/transfers', { from: 'a', to: 'b', amount: 1.5 }, 400, 'INVALID_INPUT'],
    ['POST', '/transfers', { from: 'a', to: 'a', amount: 1 }, 400, 'INVALID_INPUT'],
    ['POST', '/transfers', { from: 'a', to: 'none', amount: 1 }, 404, 'NOT_FOUND'],
    ['POST', '/transfers', { from: 'a', to: 'b', amount: 101 }, 422, 'INSUFFICIENT_FUNDS'],
    ['POST', '/bookings', { item: 's', quantity: 6 }, 422, 'OUT_OF_STOCK'],
    ['POST', '/admin/seed', {}, 403, 'FORBIDDEN'],
    ['GET', `/reports/slow?ms=${TIMEOUT_MS * 10}`, undefined, 504, 'TIMEOUT'],
  ];
  it.each(cases)('%s %s %j: %i %s', async (method, path, body, status, code) => {
    expect(await service.call(method, path, body && { body })).toMatchObject({ status, code });
  });
});

describe('tokens', () => {
  it.each([
    ['exp', { expiresInMs: -5000 }, {}],
    ['iss', {}, { iss: 'https://elsewhere' }],
    ['aud', {}, { aud: 'others' }],
    ['kid', { kid: 'stranger' }, {}],
  ])('refuses a wrong %s and names it', async (claim, options, claims) => {
    const { status, body } = await service.call('GET', '/whoami', { token: await world.jwks.issue(claims, options) });
    expect(status).toBe(401);
    expect(body.error).toMatchObject({ code: 'INVALID_TOKEN', message: expect.stringContaining(claim) });
  });

  it('refuses a withdrawn key once the issuer no longer has it', async () => {
    const token = await world.jwks.issue();
    await world.jwks.rotate();
    expect((await service.call('GET', '/whoami')).status).toBe(200);
    world.jwks.withdraw();
    await expect
      .poll(async () => (await service.call('GET', '/whoami', { token })).status, { timeout: 10_000 })
      .toBe(401);
  });
});

describe('operations', () => {
  it('answers a repeated key with the same answer, and another request with that key not at all', async () => {
    const first = await service.transfer('a', 'b', 1, 'k');
    expect(await service.transfer('a', 'b', 1, 'k')).toEqual(first);
    expect(await service.transfer('a', 'b', 2, 'k')).toMatchObject({ status: 409, code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('books a reference once', async () => {
    const body = { item: 's', quantity: 1, reference: 'r' };
    expect((await service.call('POST', '/bookings', { body })).body).toMatchObject({ left: 4 });
    expect(await service.call('POST', '/bookings', { body })).toMatchObject({ status: 409, code: 'DUPLICATE_BOOKING' });
    expect((await service.call('GET', '/stock/s')).body).toEqual({ item: 's', quantity: 4, booked: 1 });
  });

  it('offers the same use cases by GraphQL', async () => {
    const ask = async (query: string): Promise<unknown> =>
      (await service.call('POST', '/graphql', { body: { query } })).body;
    expect(await ask('{ document(id: "d") { body } total }')).toEqual({
      data: { document: { body: 'old' }, total: 200 },
    });
    expect(await ask('mutation { transfer(from: "a", to: "b", amount: 1000) { amount } }')).toMatchObject({
      errors: [{ extensions: { code: 'INSUFFICIENT_FUNDS' } }],
    });
  });
});

describe('the process', () => {
  it('ends with 0 on SIGTERM', async () => {
    const other = await world.start();
    expect(await other.end()).toBe(0);
  });

  it('ends with 0 on SIGTERM while a connection is open that never asked for anything', async () => {
    const other = await world.start();
    const silent = connect(Number(new URL(other.url).port), '127.0.0.1');
    await once(silent, 'connect');
    // A later connection that is answered: the silent one was accepted before it.
    await other.call('GET', '/total');
    const closed = once(silent, 'close');
    expect(await other.end()).toBe(0);
    await closed;
  });

  it('is ready once a database that was down is there', async () => {
    const outage = await world.postgres.stop().inject(AbortSignal.timeout(5000));
    const starting = world.start({ CONNECT_TIMEOUT_MS: '100' });
    await outage.heal();
    await using other = await starting;
    expect((await other.call('GET', '/total')).status).toBe(200);
  });

  it.each([
    [
      'an unknown defect',
      { DEFECT: 'nope' },
      /DEFECT must be one of accept-alg-none, .*leak-descriptors.*, not "nope"/,
    ],
    [
      'wrong settings, all of them',
      { PORT: 'x', JWKS_URL: 'ftp://x', REDIS_URL: '' },
      /PORT must be [^]*REDIS_URL is not set[^]*JWKS_URL must be/,
    ],
  ])('ends with 2 for %s', async (_title, env, message) => {
    const child = spawn(process.execPath, [MAIN], {
      env: { ...world.env(), ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
