import { expect, seeded, test, until } from '../drivers/index.js';
import { cachedKeys, timesToLive } from './cached-keys.js';
import { documentStorm } from './storm.js';
import { untilReadThroughRedis } from './until-read-through-redis.js';

/** Longer than anything may be cached. */
const AHEAD_MS = 3_600_000;

test(
  'a Redis whose clock jumps ahead forgets early, and is used again',
  {
    id: 'C12',
    purpose: 'What expires before its time is loaded once more: nothing old is read, and the cache goes on to serve.',
    tag: ['@cache', '@clock', '@expiry'],
    needs: ['read', 'write'],
    services: ['redis'],
    requires: ['faketime'],
    catches: ['expiry-by-own-clock'],
  },
  async ({ target, redis, inject, load, config }) => {
    const clock = await redis.movableClock();
    const server = await redis.connect();
    const expired = async (): Promise<number> =>
      Number(/^expired_keys:(\d+)/m.exec(await server.info('stats'))?.[1] ?? 0);
    const [id, ...ids] = Array.from({ length: seeded.rows }, (_, index) => seeded.document(index));
    const own = id as string;
    const storm = documentStorm(target, { ids, writeShare: 0.1, concurrency: config.concurrentRequests });
    const storming = { ...storm.load, jitterMs: config.jitterMs };
    // Enough to claim an error ratio below 1 %.
    const few = Math.max(300, config.concurrentRequests * 10);
    await untilReadThroughRedis(target, own, server);

    const before = await expired();
    const running = load.closed({ ...storming, operations: few });
    running.catch(() => {});
    await until('reads before the jump', () => storm.reads() > config.concurrentRequests);
    const ahead = await inject(clock.offset(AHEAD_MS));
    const during = await running;
    await target.read(own);
    const [[seconds]] = [(await server.time()) as [number, number]];
    const gone = (await expired()) - before;
    if (seconds * 1000 < Date.now() + AHEAD_MS / 2 || gone < ids.length / 2)
      test.inconclusive(`Redis let ${gone} keys expire; its time is ${new Date(seconds * 1000).toISOString()}`);
    expect(during).toHaveNoWrongResult();
    expect(during).toHaveErrorRatioBelow(0.01);

    const text = 'written while the clock was ahead';
    await target.write(own, text);
    const kept = async (): Promise<void> => {
      await target.read(own);
      expect(await cachedKeys(server, text)).not.toEqual([]);
    };
    await expect(kept).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'a Redis that is ahead and keeps values' });
    for (let time = 0; time < 3; time += 1) expect(await target.read(own)).toBeInvariant(text);
    for (const leftMs of await timesToLive(server, await cachedKeys(server, text)))
      expect({ leftMs, isBounded: leftMs > 0 && leftMs <= AHEAD_MS }).toBeInvariant({ leftMs, isBounded: true });
    await ahead.heal();
    expect(await load.closed({ ...storming, operations: few })).toHaveNoWrongResult();
  },
);
