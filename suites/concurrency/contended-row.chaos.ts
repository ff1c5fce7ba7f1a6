import { seeded, test, expect } from '../drivers/index.js';

/** Of the best throughput; a queue keeps nearly all of it, colliding retries nearly nothing. */
const floor = 0.25;
const durationMs = 400;

test(
  'the more who change one row, the longer they wait, and no worse',
  {
    id: 'K12',
    purpose: 'Rising contention on one row makes requests queue; it does not make the service do less.',
    tag: ['@concurrency', '@contention'],
    needs: ['count', 'increment'],
    services: ['postgres'],
    catches: ['optimistic-counter'],
    lock: ['host'],
  },
  async ({ target, load, config }) => {
    const increment = () => target.increment(seeded.counter);
    await load.warmUp({ run: increment });
    const before = await target.count(seeded.counter);
    const levels = [1, Math.ceil(config.connectionPoolSize / 2), config.concurrentRequests];
    let [done, failed] = [0, 0];
    const rates: number[] = [];
    for (const concurrency of levels) {
      const { counts, throughput } = await load.closed({ run: increment, concurrency, durationMs });
      done += counts.ok;
      failed += counts.unavailable + counts.rejected;
      rates.push(throughput);
      expect(counts).toMatchObject({ unknown: 0, timeout: 0 });
    }
    expect((await target.count(seeded.counter)) - before).toConserve(done);
    expect(failed, 'increments that were refused').toBe(0);
    const worst = (rates.at(-1) ?? 0) / Math.max(...rates);
    expect(
      worst,
      `increments per second with ${levels.join(', ')} clients: ${rates.map(Math.round).join(', ')}`,
    ).toBeGreaterThan(floor);
  },
);
