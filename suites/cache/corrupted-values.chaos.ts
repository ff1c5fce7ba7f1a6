import { expect, seeded, test } from '../drivers/index.js';
import { cachedKeys } from './cached-keys.js';
import { untilReadThroughRedis } from './until-read-through-redis.js';

const LEFT_MS = 60_000;

test(
  'what lies in the cache and is no value is found out, and replaced',
  {
    id: 'C15',
    purpose: 'Half a value, another type, another document: the database is asked instead, and the cache is repaired.',
    tag: ['@cache', '@input'],
    needs: ['document', 'read', 'write'],
    services: ['redis'],
    catches: ['trust-cached-bytes'],
  },
  async ({ target, redis, load, config }) => {
    const [id, other] = [seeded.document(4), seeded.document(5)];
    const [text, otherText] = ['the value of four', 'the value of five'];
    await target.write(id, text);
    await target.write(other, otherText);
    const server = await redis.connect();
    await untilReadThroughRedis(target, id, server);
    await untilReadThroughRedis(target, other, server);
    const [key] = await cachedKeys(server, text);
    const [otherKey] = await cachedKeys(server, otherText);
    if (key === undefined || otherKey === undefined)
      return void test.inconclusive('No key of Redis holds what was read');
    const good = (await server.get(key)) as string;
    const { version } = await target.document(id);

    const bad = [
      ...['', '{', 'null', '[]', '{}', '42', '"text"', '\u0000\u0001', good.slice(0, -1), good.slice(1)],
      good.replace(text, 'x').replace(String(version), 'null'),
      good.replace(/"version":\d+/, '"version":"1"'),
      good.replace(/"body":"[^"]*"/, '"body":7'),
      (await server.get(otherKey)) as string,
    ].filter((value) => value !== good);
    for (const value of bad) {
      await server.set(key, value, 'PX', LEFT_MS);
      const during = await load.closed({
        run: () => target.document(id),
        right: (document) => document.id === id && document.body === text && document.version === version,
        concurrency: 4,
        operations: 12,
      });
      expect(during).toHaveNoWrongResult();
      expect(during).toHaveSuccessRatioAtLeast(1);
      await expect.poll(() => server.get(key), { timeout: config.timeoutMs, intervals: [5] }).toContain(text);
    }
    await server.del(key);
    await server.lpush(key, 'of another type');
    expect(await target.read(id)).toBeInvariant(text);
    await expect
      .poll(() => server.get(key).catch(() => ''), { timeout: config.timeoutMs, intervals: [5] })
      .toContain(text);
  },
);
