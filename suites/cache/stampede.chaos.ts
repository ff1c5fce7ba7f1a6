import { test, expect } from '../drivers/index.js';
import { untilReadThroughRedis } from './until-read-through-redis.js';

const WINDOWS = 3;

// Reads that PostgreSQL keeps waiting for the lock below.
const WAITING_READS = `SELECT count(*)::int AS waiting FROM pg_locks WHERE relation = $1::regclass AND mode = 'AccessShareLock' AND NOT granted`;

test(
  'those who miss the same key at the same time share one load',
  {
    id: 'C03',
    purpose: 'A popular key that is not in the cache costs the database one query, not one per reader.',
    tag: ['@cache', '@stampede'],
    needs: ['metrics', 'read', 'tables', 'write'],
    services: ['postgres', 'redis'],
    catches: ['stampede'],
  },
  async ({ target, postgres, redis, load, config }) => {
    const { documents } = await target.tables();
    await target.write('popular', 'always in the cache');
    await untilReadThroughRedis(target, 'popular', await redis.connect());
    await load.warmUp({
      run: () => target.read('popular'),
      operations: config.concurrentRequests * 2,
      concurrency: config.concurrentRequests,
    });
    // While held, it blocks every load that could ask PostgreSQL.
    const holder = await postgres.connect();
    const waitingReads = async (): Promise<number> =>
      (await postgres.query<{ waiting: number }>(WAITING_READS, [documents]))[0]?.waiting ?? 0;

    for (let window = 0; window < WINDOWS; window++) {
      // Written and never read, so no cache holds it.
      const id = `missed-${window}`;
      const body = `body ${window}`;
      await target.write(id, body);
      await holder.query('BEGIN');
      await holder.query(`LOCK TABLE ${documents} IN ACCESS EXCLUSIVE MODE`);
      const reading = load.closed({
        run: () => target.read(id),
        right: (read) => read === body,
        concurrency: config.concurrentRequests,
        operations: config.concurrentRequests,
      });
      let waiting = 0;
      try {
        await expect
          .poll(async () => (await target.metrics()).requests.inProgress, { timeout: config.timeoutMs, intervals: [5] })
          .toBeGreaterThanOrEqual(config.concurrentRequests);
        await expect.poll(waitingReads, { timeout: config.timeoutMs, intervals: [5] }).toBeGreaterThan(0);
        // A hit takes the same path as the misses before it: once it is answered, they have looked into the cache, too.
        for (let pass = 0; pass < 5; pass++) {
          await target.read('popular');
          waiting = Math.max(waiting, await waitingReads());
        }
      } finally {
        await holder.query('ROLLBACK');
      }
      const result = await reading;
      expect({ loads: waiting }).toBeInvariant({ loads: 1 });
      expect(result).toHaveNoWrongResult();
      expect(result).toHaveSuccessRatioAtLeast(1);
    }
  },
);
