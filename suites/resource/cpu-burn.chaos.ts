import { readFile } from 'node:fs/promises';
import { test, expect, seeded, type LoadResult, type SampleTarget } from '@chaos/suite-drivers';

const MOST_BURNS = 4;

test(
  'the service stays healthy and right while others burn all CPUs',
  {
    id: 'R03',
    purpose: 'Starved of CPU time the service gets slow, neither ill nor wrong.',
    tag: ['@resource', '@cpu'],
    catches: ['transfer-without-transaction', 'read-then-write-balance'],
    lock: ['host', 'cpu'],
  },
  async ({ target, inject, resources, load, config }) => {
    const rows = seeded.rows({ config });
    const total = await target.total();
    const counter = await target.counter(seeded.counter);
    const concurrency = config.concurrentRequests;
    const made = { increments: 0 };
    const request = readsAndWrites(target, { rows, total, made });
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
        load.closed({ ...healthCheck(target), concurrency: 1, durationMs: 1000 }),
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
    expect(health).toHaveNoWrongResult();
    expect(during).toMeetPassRate(config);
    expect(health.counts.ok).toBe(health.operations);
    const budgetMs = config.timeoutMs;
    expect(during).toHaveLatencyBelow({ max: budgetMs });
    expect(health).toHaveLatencyBelow({ max: budgetMs });
    expect(await target.total()).toConserve(total);
    const value = await target.counter(seeded.counter);
    const lost = Math.max(0, counter + made.increments - value);
    expect(lost).toBeInvariant(0);
    expect(value).toBeLessThanOrEqual(counter + made.increments + unclear);

    await Promise.all(burns.map((burn) => burn.heal()));
    await expect(() => target.ready()).toRecoverWithin({ timeoutMs: config.timeoutMs });
  },
);

/** Reads, transfers and increments in turn; each returns the total that it must leave unchanged. */
function readsAndWrites(
  target: SampleTarget,
  { rows, total, made }: { readonly rows: number; readonly total: number; readonly made: { increments: number } },
) {
  return {
    run: async ({ worker, iteration }: { worker: number; iteration: number }): Promise<number> => {
      const [from, to] = [seeded.account((worker + iteration) % rows), seeded.account((worker + iteration + 1) % rows)];
      if (worker % 3 === 0) return target.total();
      if (worker % 3 === 1) await target.transfer(from, to, 1);
      else {
        await target.increment(seeded.counter);
        made.increments++;
      }
      return total;
    },
    right: (value: number) => value === total,
  };
}

function healthCheck(target: SampleTarget) {
  return { run: () => target.health(), right: ({ status }: { readonly status: string }) => status === 'alive' };
}

/** For the main thread; NaN if the kernel keeps no such figure. */
async function runQueueWaitMs(pid: number): Promise<number> {
  const [, waitedNs] = (await readFile(`/proc/${pid}/schedstat`, 'utf8').catch(() => '')).split(' ');
  return Number(waitedNs ?? NaN) / 1e6;
}
