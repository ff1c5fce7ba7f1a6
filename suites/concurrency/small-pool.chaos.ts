import { seeded, test, expect, until } from '../drivers/index.js';

test(
  'a pool that is too small serves everybody in turn',
  {
    id: 'K11',
    purpose: 'With more requests than connections all of them wait, none for long, and none is passed over.',
    tag: ['@concurrency', '@pool', '@fairness'],
    needs: ['count', 'increment'],
    services: ['postgres'],
    catches: ['newest-first-queue'],
  },
  async ({ target, postgres, link, inject, load, config }) => {
    const clients = config.connectionPoolSize * 4;
    const each = 6;
    await load.warmUp({ run: () => target.increment(seeded.counter) });
    const before = await target.count(seeded.counter);
    const slow = await inject(link('target', 'postgres').latency({ latencyMs: 15 }));
    // How many requests of others ended while one waited: nobody's speed matters.
    let ended = 0;
    const overtaken: number[] = [];
    const running = load.startTogether(clients, async () => {
      for (let count = 0; count < each; count += 1) {
        const begun = ended;
        await target.increment(seeded.counter);
        overtaken.push(ended - begun);
        ended += 1;
      }
    });
    // Four times as many clients as these ask all the time.
    await until('a pool that is used up', async () => (await postgres.sessions()).length >= config.connectionPoolSize);
    const { results } = await running;
    await slow.heal();
    expect((await target.count(seeded.counter)) - before).toBeInvariant(overtaken.length);
    // In turn, a request waits for one of each other client at most; twice as many is unfair.
    expect(Math.max(...overtaken), 'requests that ended while one waited').toBeLessThan(clients * 2);
    const late = results.filter(({ status }) => status === 'rejected').length;
    if (late > 0) test.inconclusive(`${late} requests timed out on a machine that is too slow to tell why`);
    await expect(() => target.increment(seeded.counter)).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'increments',
    });
  },
);
