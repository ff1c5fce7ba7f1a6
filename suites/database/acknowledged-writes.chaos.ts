import { test, expect, seeded, until } from '../drivers/index.js';
import { runWorkload, type Workload } from '@chaos/test/history';

test(
  'a PostgreSQL that is killed keeps what was acknowledged',
  {
    id: 'D03',
    purpose: 'What a client was told is stored is there after a crash, also when that comes in the next moment.',
    tag: ['@database', '@crash', '@durability'],
    needs: ['count', 'increment'],
    services: ['postgres'],
    catches: ['asynchronous-commit'],
  },
  async ({ target, postgres, inject, recorder, config }) => {
    const initial = await target.count(seeded.counter);
    let acknowledged = 0;
    const increments: Workload = {
      name: 'increments',
      check: { model: 'counter' },
      setup: async () => {},
      async step(process) {
        await process.run('add', 1, async () => void (await target.increment(seeded.counter)));
        acknowledged += 1;
      },
      finish: (process) => process.run('read', null, async () => (await target.count(seeded.counter)) - initial),
    };
    const stop = new AbortController();
    const load = runWorkload(increments, { recorder, concurrency: config.concurrentRequests, signal: stop.signal });
    for (let crash = 1; crash <= 2; crash += 1) {
      const enough = acknowledged + config.concurrentRequests * 2;
      await until('acknowledged increments', async () => acknowledged >= enough);
      await (await inject(postgres.kill())).heal();
      await expect(() => target.count(seeded.counter)).toRecoverWithin({
        timeoutMs: config.timeoutMs,
        what: 'reads from PostgreSQL',
      });
    }
    stop.abort();
    expect(await load).toSatisfyModel(increments.check);
  },
);
