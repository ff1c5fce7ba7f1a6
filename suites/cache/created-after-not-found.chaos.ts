import { expect, outcomeOf, test } from '../drivers/index.js';

// For so long it may be remembered that there is no such document.
const LONGEST_MS = 10_000;

test(
  'what is created is found, also by those who looked for it in vain',
  {
    id: 'C20',
    purpose: 'That there is no document may be cached, for a short time, and not beyond a write.',
    tag: ['@cache', '@expiry'],
    needs: ['read', 'tables', 'write'],
    services: ['postgres', 'redis'],
    catches: ['not-found-cached-forever', 'no-invalidation'],
  },
  async ({ target, postgres, redis, load, random, config }) => {
    const { documents } = await target.tables();
    const name = random('names').integer(0, 1_000_000_000).toString(36);
    const [written, inserted] = [`absent-${name}`, `elsewhere-${name}`];
    const look = (id: string) => target.read(id).then((text) => `found ${text}`, outcomeOf);
    const inVain = await load.closed({
      run: ({ iteration }) => look(iteration % 2 === 0 ? written : inserted),
      right: (outcome) => outcome === 'rejected',
      concurrency: config.concurrentRequests,
      operations: Math.max(60, config.concurrentRequests * 2),
    });
    expect(inVain).toHaveNoWrongResult();

    // Those who look for it while it is written may bring "not found" back.
    const [during] = await Promise.all([
      load.closed({
        run: () => look(written),
        concurrency: config.concurrentRequests,
        operations: config.concurrentRequests * 3,
      }),
      target.write(written, 'at last'),
    ]);
    expect(during).toHaveErrorRatioBelow(0.1);
    for (let time = 0; time < 3; time++) expect(await look(written)).toBeInvariant('found at last');

    await postgres.query(`INSERT INTO ${documents} (id, body, version) VALUES ($1, 'by another', 1)`, [inserted]);
    const server = await redis.connect();
    for (const key of await server.keys(`*${inserted}*`)) {
      const leftMs = await server.pttl(key);
      expect({ leftMs, isShort: leftMs === -2 || (leftMs >= 0 && leftMs <= LONGEST_MS) }).toBeInvariant({
        leftMs,
        isShort: true,
      });
      await server.pexpire(key, 1);
      await expect.poll(() => server.exists(key), { timeout: config.timeoutMs, intervals: [2] }).toBe(0);
    }
    expect(await look(inserted)).toBeInvariant('found by another');
  },
);
