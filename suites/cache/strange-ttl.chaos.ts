import { expect, seeded, test } from '../drivers/index.js';
import { cachedKeys, timesToLive } from './cached-keys.js';

const STRANGE = ['0', '-1', '1', '2147483648000'] as const;

test(
  'a strange time to live makes no key that lives for ever',
  {
    id: 'C11',
    purpose: 'A service refuses to start with a time to live that means nothing, or caches no longer than it says.',
    tag: ['@cache', '@configuration'],
    needs: ['read', 'ttlVariable', 'write'],
    services: ['redis'],
    catches: ['no-ttl'],
  },
  async ({ target, redis }) => {
    const variable = await target.ttlVariable();
    const key = seeded.document(3);
    const server = await redis.connect();
    for (const value of STRANGE) {
      const hasStarted = await target.process.restart({ env: { [variable]: value } }).then(
        () => true,
        () => false,
      );
      if (!hasStarted) {
        expect(await target.process.alive()).toBeInvariant(false);
        continue;
      }
      const text = `written with a time to live of ${value}`;
      await target.write(key, text);
      for (let time = 0; time < 3; time++) expect(await target.read(key)).toBeInvariant(text);
      const keys = await cachedKeys(server, text);
      for (const leftMs of await timesToLive(server, keys))
        expect({ value, leftMs, isBounded: leftMs !== -1 && leftMs <= Number(value) }).toBeInvariant({
          value,
          leftMs,
          isBounded: true,
        });
    }
    await target.process.restart();
    const text = 'written with the usual time to live';
    await target.write(key, text);
    for (let time = 0; time < 3; time++) expect(await target.read(key)).toBeInvariant(text);
    const keys = await cachedKeys(server, text);
    if (keys.length === 0) test.inconclusive('No key of Redis holds what was read');
    for (const leftMs of await timesToLive(server, keys))
      expect({ leftMs, isBounded: leftMs > 0 && leftMs <= 3_600_000 }).toBeInvariant({ leftMs, isBounded: true });
  },
);
