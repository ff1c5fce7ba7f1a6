import { notStarved, seeded, test, expect, until } from '../drivers/index.js';

// Requests a connection: enough that the last ones would be left no time for their work, were there no limit.
const WAITING = 16;

test(
  'requests that get no connection are told so in time',
  {
    id: 'D14',
    purpose: 'When all connections are taken requests wait for a bounded time, fail clearly, and the rest drains.',
    tag: ['@database', '@pool'],
    needs: ['count', 'increment'],
    services: ['postgres'],
    catches: ['unbounded-queue', 'limits-only-in-client'],
  },
  async ({ target, postgres, experiment, load, config }) => {
    const before = await target.count(seeded.counter);
    let [acknowledged, unknown] = [0, 0];
    const unlessStarved = await notStarved(target);
    const { during } = await experiment({
      steadyState: { run: () => target.count(seeded.counter), right: (value: number) => value >= before },
      fault: postgres.lockTables(),
      what: 'reads with a pool that was exhausted',
      during: async () => {
        const size = config.connectionPoolSize * WAITING;
        const running = load.closed({
          run: async ({ worker }) => {
            if (worker % 3 > 0) return target.count(seeded.counter);
            await target.increment(seeded.counter);
            acknowledged += 1;
            return before;
          },
          concurrency: size,
          operations: size,
          onResult: ({ outcome }) => void (unknown += outcome === 'unknown' || outcome === 'timeout' ? 1 : 0),
        });
        // The server's evidence: no connection is free, and the requests are more.
        await until('all connections wait for a lock', async () => {
          const sessions = await postgres.sessions();
          return (
            sessions.length > 0 &&
            sessions.length >= config.connectionPoolSize &&
            sessions.every(({ waiting }) => waiting)
          );
        });
        return running;
      },
      invariants: async () => {
        const happened = (await target.count(seeded.counter)) - before;
        const isTold = happened >= acknowledged && happened <= acknowledged + unknown;
        expect({ happened, isTold }).toBeInvariant({ happened, isTold: true });
      },
    });
    expect(during.counts).toMatchObject({ timeout: 0, rejected: 0, wrong: 0 });
    // Who waits for so long that the work is cut short cannot say what became of it.
    if (during.counts.unknown > 0)
      await unlessStarved(`${during.counts.unknown} requests ended without a clear answer`);
    expect(during.counts.unknown, 'requests that ended without a clear answer').toBe(0);
    expect(during.counts.unavailable).toBeGreaterThan(config.connectionPoolSize);
    await expect.poll(async () => (await postgres.sessions()).filter(({ inTransaction }) => inTransaction)).toEqual([]);
  },
);
