import { runQueueWaitMs, test, expect, seeded, type LoadResult, type SuiteTarget } from '../drivers/index.js';

const MOST_BURNS = 4;

test(
  'the service stays healthy and right while others burn all CPUs',
  {
    id: 'R03',
    purpose: 'Starved of CPU time the service gets slow, neither ill nor wrong.',
    tag: ['@resource', '@cpu'],
    needs: ['count', 'health', 'increment', 'transfer'],
    catches: ['read-then-write-balance'],
    lock: ['host', 'cpu'],
  },
  async ({ target, inject, resources, load, config }) => {
    const total = await sumOf(target);
    const counter = await target.count(seeded.counter);
    const concurrency = config.concurrentRequests;
    const made = { increments: 0 };
    const request = readsAndWrites(target, { counter, made });
    await load.warmUp(request);
    const pid = await target.process.pid();

    const burns = [];
    let during: LoadResult;
    let health: LoadResult;
    let unclear = 0;
    for (;;) {
      burns.push(await inject(resources.cpuBurn()));
      const waitedBefore = await runQueueWaitMs(pid);
      [during, health] = await Promise.all([
        load.closed({ ...request, concurrency, durationMs: 1000 }),
        load.closed({ run: () => target.health(), concurrency: 1, durationMs: 1000 }),
      ]);
      unclear += during.counts.timeout + during.counts.unknown;
      const waitedMs = (await runQueueWaitMs(pid)) - waitedBefore;
      // The scheduler's own figure: time in which the target was ready to run but had no CPU.
      if (waitedMs > during.durationMs / 20) break;
      // If other programs use most of the machine, the first burners get too little CPU, so add more.
      if (burns.length === MOST_BURNS)
        test.inconclusive(
          `the target waited ${waitedMs.toFixed(0)} ms for a CPU in ${during.durationMs.toFixed(0)} ms`,
        );
    }

    expect(during).toHaveNoWrongResult();
    expect(during).toMeetPassRate(config);
    expect(health.counts.ok).toBe(health.operations);
    const budgetMs = config.timeoutMs;
    expect(during).toHaveLatencyBelow({ max: budgetMs });
    expect(health).toHaveLatencyBelow({ max: budgetMs });
    expect(await sumOf(target)).toConserve(total);
    const value = await target.count(seeded.counter);
    const lost = Math.max(0, counter + made.increments - value);
    expect(lost).toBeInvariant(0);
    expect(value).toBeLessThanOrEqual(counter + made.increments + unclear);

    await Promise.all(burns.map((burn) => burn.heal()));
    await expect(() => target.health()).toRecoverWithin({ timeoutMs: config.timeoutMs });
  },
);

/** Reads, transfers and increments in turn; each returns whether what it saw can be. */
function readsAndWrites(
  target: SuiteTarget,
  { counter, made }: { readonly counter: number; readonly made: { increments: number } },
) {
  return {
    run: async ({ worker, iteration }: { worker: number; iteration: number }): Promise<boolean> => {
      const [from, to] = [worker + iteration, worker + iteration + 1].map((index) =>
        seeded.account(index % seeded.rows),
      );
      if (worker % 3 === 0) {
        const least = counter + made.increments;
        return (await target.count(seeded.counter)) >= least;
      }
      if (worker % 3 === 1) await target.transfer(from as string, to as string, 1);
      else {
        await target.increment(seeded.counter);
        made.increments++;
      }
      return true;
    },
    right: (isPossible: boolean) => isPossible,
  };
}

async function sumOf(target: SuiteTarget): Promise<number> {
  const accounts = Array.from({ length: seeded.rows }, (_, index) => target.count(seeded.account(index)));
  return (await Promise.all(accounts)).reduce((left, right) => left + right);
}
