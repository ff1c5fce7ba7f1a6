import { seeded, test, expect } from '../drivers/index.js';

// Requests a connection: enough that the last one would wait for longer than any machine allows, were there no limit.
const WAITING = 16;

test(
  'a PostgreSQL that hangs keeps no request for ever',
  {
    id: 'D17',
    purpose: 'While the database hangs every request ends by its time-out, none piles up, and all is well afterwards.',
    tag: ['@database', '@timeout'],
    needs: ['count', 'health', 'increment'],
    services: ['postgres'],
    catches: ['unbounded-queue'],
  },
  async ({ target, postgres, experiment, load, config }) => {
    const before = await target.count(seeded.counter);
    let [acknowledged, unknown] = [0, 0];
    const { during } = await experiment({
      steadyState: { run: () => target.count(seeded.counter), right: (value: number) => value >= before },
      fault: postgres.stop(),
      what: 'reads from a database that hung',
      during: async () => {
        const clients = config.connectionPoolSize * WAITING;
        const running = load.closed({
          run: ({ worker }) => (worker % 2 > 0 ? target.count(seeded.counter) : target.increment(seeded.counter)),
          concurrency: clients,
          operations: clients,
          onResult: ({ outcome, worker }) => {
            if (worker % 2 > 0) return;
            if (outcome === 'ok') acknowledged += 1;
            if (outcome === 'unknown' || outcome === 'timeout') unknown += 1;
          },
        });
        // The process itself is well, and says so.
        await target.health();
        return running;
      },
    });
    expect(during.counts).toMatchObject({ ok: 0, rejected: 0, timeout: 0, wrong: 0 });
    const happened = (await target.count(seeded.counter)) - before;
    expect(happened >= acknowledged && happened <= acknowledged + unknown, `${happened} of ${unknown}`).toBeInvariant(
      true,
    );
    // Nothing waits any more: a full round of requests goes through at once.
    const after = await load.closed({
      run: () => target.count(seeded.counter),
      concurrency: config.connectionPoolSize,
      operations: config.connectionPoolSize * 2,
    });
    expect(after.counts).toMatchObject({ ok: config.connectionPoolSize * 2 });
  },
);
