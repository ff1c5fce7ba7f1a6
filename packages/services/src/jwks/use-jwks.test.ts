import { expect, test } from 'vitest';
import { startJwks } from './start-jwks.js';
import { useJwks } from './use-jwks.js';

const never = new AbortController().signal;

test('useJwks() has an address, and refuses what needs the keys or the process', async () => {
  await using real = await startJwks({ port: 0 });
  const external = useJwks({ url: real.url });
  expect(external).toMatchObject({ url: real.url, issuer: real.issuer, audience: 'chaos', external: true });
  await external.ready(never);
  await external.reset(never);
  await expect(external.issue()).rejects.toMatchObject({
    code: 'FAULT_REFUSED',
    hint: expect.stringContaining('services.jwks.url'),
  });
  expect(() => external.down()).toThrow(/external/);
});

test('useJwks() is not ready while nothing answers', async () => {
  const real = await startJwks({ port: 0 });
  await real[Symbol.asyncDispose]();
  await expect(useJwks({ url: real.url }).ready(never)).rejects.toMatchObject({ code: 'ENVIRONMENT' });
});
