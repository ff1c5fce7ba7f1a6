import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { JWKS, ask, closeSlots, later, openSlot, signal } from './open-slot.test.helpers.js';

afterEach(closeSlots);

describe('targetSlot()', () => {
  test('gets its settings by environment, its services through links, and the variant on top', async () => {
    const slot = await openSlot(JWKS, 'never-refresh-keys');
    const { url = '', directUrl = '' } = slot.address('target');
    const env = JSON.parse(await ask(url)) as Record<string, string>;
    const jwks = slot.address('jwks');
    expect(env).toMatchObject({
      ISSUER: jwks['issuer'],
      AUDIENCE: 'chaos',
      POOL: '7',
      TIMEOUT: '5000',
      MODE: 'broken',
      EXTRA: new URL(directUrl).port,
    });
    expect(env['JWKS_URL']).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\.well-known\/jwks\.json$/);
    expect(env['JWKS_URL']).not.toBe(jwks['url']);
    expect(url).not.toBe(directUrl);
    expect(await ask(`${url}/keys`)).toBe('1');
  });

  test('a cut link is felt behind it only, and healed by reset', async () => {
    const slot = await openSlot(JWKS);
    const { url, directUrl } = slot.address('target');
    await slot.call('links', 'inject', { name: 'cut', from: 'target', to: 'jwks' });
    await expect.poll(() => ask(`${url}/keys`)).toBe('ECONNREFUSED');
    expect((await fetch(slot.address('jwks')['url'] ?? '')).status).toBe(200);
    await slot.call('links', 'inject', { name: 'cut', from: 'client', to: 'target' });
    await expect(ask(url)).rejects.toThrow();
    expect(await ask(`${directUrl}/keys`)).toBe('ECONNREFUSED');
    await expect(slot.fixtures['links']?.check(signal)).rejects.toMatchObject({ code: 'LINK_BROKEN' });
    await slot.reset();
    expect(await ask(`${url}/keys`)).toBe('1');
  });

  test('reset leaves one that is well alone, and restarts one that died', async () => {
    const slot = await openSlot(JWKS);
    const { url, pid } = slot.address('target');
    await slot.reset();
    expect(slot.address('target')['pid']).toBe(pid);
    await expect(ask(`${url}/die`)).rejects.toThrow();
    await expect.poll(() => slot.call('target', 'alive')).toBe(false);
    await expect(slot.fixtures['target']?.check(signal)).rejects.toThrow(/exited with code 3/);
    await slot.reset();
    expect(slot.address('target')['pid']).not.toBe(pid);
    expect(await ask(`${url}/keys`)).toBe('1');
  });

  test('reset restarts one that may have forgotten the first key', async () => {
    const slot = await openSlot(JWKS);
    const { pid } = slot.address('target');
    await slot.call('jwks', 'rotate');
    await slot.call('jwks', 'withdraw');
    await slot.reset();
    const restarted = slot.address('target')['pid'];
    expect(restarted).not.toBe(pid);
    await slot.reset();
    expect(slot.address('target')['pid']).toBe(restarted);
  });

  test('restart, kill and stop', async () => {
    const slot = await openSlot(JWKS);
    const { url, pid } = slot.address('target');
    expect(await slot.call('target', 'restart')).toEqual({ pid: slot.address('target')['pid'] });
    expect(slot.address('target')['pid']).not.toBe(pid);
    const killed = await slot.call('target', 'inject', { name: 'kill' });
    await expect(ask(url)).rejects.toThrow();
    await slot.call('target', 'heal', killed);
    await slot.call('target', 'inject', { name: 'stop' });
    await slot.reset();
    expect(await ask(`${url}/keys`)).toBe('1');
  });

  test('an unknown variant, no command and an unknown placeholder are usage errors', async () => {
    await expect(openSlot(JWKS, 'made-up')).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('"made-up": target.variants has never-refresh-keys'),
    });
    await expect(openSlot({ command: undefined })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(openSlot({ env: { A: '{posgres.url}' } })).rejects.toMatchObject({
      code: 'USAGE',
      hint: expect.stringContaining('{timeout_ms}'),
    });
  });

  test('is seeded by its driver with a token, and ended when that fails', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chaos-driver-'));
    later(() => rm(folder, { recursive: true, force: true }));
    const driver = join(folder, 'driver.mjs');
    const write = (seed: string): Promise<void> =>
      writeFile(driver, `export default { operations: {}, async seed(context) { ${seed} } };`);
    await write(
      `const [, claims] = (await context.issueToken({ sub: 'seeder' })).split('.'); await (await import('node:fs/promises')).writeFile(${JSON.stringify(join(folder, 'seen'))}, JSON.stringify([Buffer.from(claims, 'base64url').toString(), context.url, context.jwksUrl]));`,
    );
    const slot = await openSlot({ ...JWKS, driver });
    const [claims, url, jwksUrl] = JSON.parse(await readFile(join(folder, 'seen'), 'utf8')) as string[];
    expect(JSON.parse(claims ?? '')).toMatchObject({ sub: 'seeder', aud: 'chaos' });
    expect([url, jwksUrl]).toEqual([slot.address('target')['url'], slot.address('jwks')['url']]);

    const bad = join(folder, 'bad.mjs');
    await writeFile(
      bad,
      `export const driver = { operations: {}, seed: async ({ url }) => { throw new Error('no table for ' + (await (await fetch(url + '/pid')).text())); } };`,
    );
    const failure: unknown = await openSlot({ ...JWKS, driver: bad }).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'ENVIRONMENT',
      message: expect.stringContaining(`Cannot seed the target with ${bad}: no table for `),
    });
    const pid = Number(/no table for (\d+)/.exec(String(failure))?.[1]);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    const none = join(folder, 'none.mjs');
    await writeFile(none, 'export const other = 1;');
    await expect(openSlot({ ...JWKS, driver: none })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(none),
    });
  });
});
