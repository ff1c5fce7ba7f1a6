import { expect, seeded, test, until } from '../drivers/index.js';
import { untilReadThroughRedis } from './until-read-through-redis.js';

test(
  'a write whose invalidation cannot reach Redis is read all the same',
  {
    id: 'C18',
    purpose: 'Between COMMIT and invalidation the cache may go: the old value in it is not read when it comes back.',
    tag: ['@cache', '@consistency'],
    needs: ['read', 'write'],
    services: ['postgres', 'redis'],
    catches: ['no-invalidation-while-redis-is-down', 'no-invalidation'],
  },
  async ({ target, postgres, redis, link, inject, load, config }) => {
    const [key, other] = [seeded.document(6), seeded.document(7)];
    const server = await redis.connect();
    for (const one of [key, other]) {
      await target.write(one, 'old');
      await untilReadThroughRedis(target, one, server);
    }
    const held = await inject(postgres.holdCommits());
    const writing = Promise.all([key, other].map((one) => target.write(one, 'new')));
    await until('writes that are about to commit', async () =>
      (await postgres.sessions()).some(({ heldAtCommit }) => heldAtCommit),
    );
    const outage = await inject(link('target', 'redis').cut());
    await held.heal();
    await writing;
    const reads = {
      run: ({ iteration }: { iteration: number }) => target.read(iteration % 2 === 0 ? key : other),
      right: (value: string) => value === 'new',
      concurrency: config.concurrentRequests,
      operations: Math.max(100, config.concurrentRequests * 2),
    };
    expect(await load.closed(reads)).toHaveNoWrongResult();

    await outage.heal();
    // The first reads through Redis are those that could find the old value there.
    const returning = load.closed(reads);
    await expect(() => untilReadThroughRedis(target, key, server)).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'reads through Redis',
    });
    for (const result of [await returning, await load.closed(reads)]) {
      expect(result).toHaveNoWrongResult();
      expect(result).toHaveErrorRatioBelow(0.1);
    }
  },
);
