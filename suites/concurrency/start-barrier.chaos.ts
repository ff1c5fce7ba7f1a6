import { test, expect } from '../drivers/index.js';

const rounds = 20;
/** One turn of the event loop lets all of them go; the best round of many is not disturbed by other work. */
const boundMs = 5;

test(
  'workers at a barrier start together',
  {
    id: 'K10',
    purpose:
      'What the other tests of this category rest on: nobody starts before all are there, and then all do at once.',
    tag: ['@concurrency', '@harness'],
    needs: ['health'],
  },
  async ({ target, load, config, random }) => {
    const parties = config.concurrentRequests;
    const stream = random('arrivals');
    let best = Infinity;
    for (let round = 0; round < rounds; round += 1) {
      const meeting = await load.barrier(parties);
      let arrived = 0;
      const early: number[] = [];
      const begunMs: number[] = [];
      await Promise.all(
        Array.from({ length: parties }, async () => {
          for (let turns = stream.integer(0, 3); turns > 0; turns -= 1) await Promise.resolve();
          arrived += 1;
          await meeting.arrive();
          if (arrived < parties) early.push(arrived);
          begunMs.push(performance.now());
        }),
      );
      expect(early).toBeInvariant([]);
      expect(begunMs.length).toBeInvariant(parties);
      best = Math.min(best, Math.max(...begunMs) - Math.min(...begunMs));
    }
    if (best >= boundMs)
      test.inconclusive(`${parties} workers never started within ${boundMs} ms, at best in ${best} ms`);
    // Requests that start so are all under way before the first has ended.
    let [underWay, most] = [0, 0];
    const { results, skewMs } = await load.startTogether(parties, async () => {
      most = Math.max(most, (underWay += 1));
      await target.health().finally(() => (underWay -= 1));
    });
    expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(most).toBeInvariant(parties);
    expect(skewMs).toBeGreaterThanOrEqual(0);
  },
);
