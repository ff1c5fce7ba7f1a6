import { Resolver } from 'node:dns/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DnsServer } from './dns-server.js';
import { startDns } from './start-dns.js';

const never = new AbortController().signal;
const NAME = 'postgres.chaos.test';
let dns: DnsServer;
let resolver: Resolver;

beforeEach(async () => {
  dns = await startDns({ names: { [NAME]: '127.0.0.1', 'redis.chaos.test': '127.0.0.2' }, port: 0 });
  resolver = new Resolver({ timeout: 400, tries: 1 });
  resolver.setServers([`127.0.0.1:${dns.port}`]);
});
afterEach(() => dns[Symbol.asyncDispose]());

const lookUp = (name: string): Promise<readonly string[] | string> =>
  resolver.resolve4(name).catch((error: { code: string }) => error.code);

describe('startDns()', () => {
  test('answers for its names, of any case, and for no other', async () => {
    expect(await lookUp(NAME)).toEqual(['127.0.0.1']);
    expect(await lookUp('Redis.Chaos.TEST')).toEqual(['127.0.0.2']);
    expect(await lookUp('elsewhere.test')).toBe('ENOTFOUND');
    await expect(resolver.resolve6(NAME)).rejects.toMatchObject({ code: 'ENODATA' });
    expect([dns.queries(NAME), dns.queries('redis.chaos.test'), dns.queries()]).toEqual([1, 1, 3]);
  });

  test.for([
    ['fails', () => dns.fail(), 'ESERVFAIL'],
    ['denies', () => dns.fail({ code: 'NXDOMAIN' }), 'ENOTFOUND'],
    ['refuses', () => dns.fail({ code: 'REFUSED' }), 'EREFUSED'],
    ['lies', () => dns.wrong({ address: '127.9.9.9' }), ['127.9.9.9']],
    ['says nothing', () => dns.silent(), 'ETIMEOUT'],
    ['is too late', () => dns.slow({ delayMs: 30_000 }), 'ETIMEOUT'],
    ['is late', () => dns.slow({ delayMs: 20 }), ['127.0.0.1']],
    ['flaps, down first', () => dns.flap({ downMs: 60_000, upMs: 1 }), 'ESERVFAIL'],
  ] as const)('%s until it is healed, twice without harm', async ([, make, answer]) => {
    const fault = await make().inject(never);
    expect(await lookUp(NAME)).toEqual(answer);
    await fault.heal();
    await fault.heal();
    expect(await lookUp(NAME)).toEqual(['127.0.0.1']);
    await dns.ready();
  });

  test('breaks one name alone, several ways at once, and is reset', async () => {
    await dns.fail({ name: NAME }).inject(never);
    await dns.slow({ name: NAME, delayMs: 1 }).inject(never);
    expect(await lookUp(NAME)).toBe('ESERVFAIL');
    expect(await lookUp('redis.chaos.test')).toEqual(['127.0.0.2']);
    await expect(dns.ready()).rejects.toThrow(NAME);
    await dns.reset();
    await dns.ready();
    expect([dns.queries(), await lookUp(NAME)]).toEqual([0, ['127.0.0.1']]);
  });

  test('refuses misuse with the value', () => {
    expect(() => dns.fail({ name: 'other.test' })).toThrow(
      `current name is "other.test", known are ${NAME}, redis.chaos.test`,
    );
    expect(() => dns.fail({ code: 'MELT' as 'REFUSED' })).toThrow('"MELT"');
    expect(() => dns.wrong({ address: '::1' })).toThrow('"::1"');
    expect(() => dns.slow({ delayMs: -1 })).toThrow('delayMs: current value is -1');
  });

  test('says that its port is taken', async () => {
    await expect(startDns({ names: {}, port: dns.port })).rejects.toMatchObject({
      code: 'ENVIRONMENT',
      message: expect.stringContaining(`127.0.0.1:${dns.port}`),
    });
  });
});
