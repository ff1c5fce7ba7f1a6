import { busyClients, outcomeOf, test, expect, until } from '../drivers/index.js';

const job = 'nightly';

test(
  'the lock of a job that died is free at once, and never held by two',
  {
    id: 'K08',
    purpose: 'When the session that holds an advisory lock ends, the next one gets it; nobody ever shares it.',
    tag: ['@concurrency', '@lock'],
    needs: ['jobRuns', 'runJob'],
    services: ['postgres'],
    catches: ['session-lock-on-pool'],
  },
  async ({ target, postgres, inject, load, config }) => {
    await load.warmUp({ run: () => target.jobRuns(job) });
    const holders = async (): Promise<number> =>
      (await postgres.query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted")).length;

    // Killed in the middle of the work.
    const worker = busyClients(load, 1, () => target.runJob(job, config.timeoutMs / 10));
    await until('a session that holds the lock', async () => (await holders()) === 1);
    const { ok } = worker.counts;
    const stopped = worker.stop();
    await inject(postgres.terminateBackends({ of: 'target' }));
    const [now] = await postgres.query<{ ms: number }>(
      'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms',
    );
    await stopped;
    const after = (await target.jobRuns(job)).filter(({ endMs }) => endMs > (now?.ms ?? 0));
    expect(after, 'jobs that were done without their session').toBeInvariant([]);
    if (worker.counts.ok > ok) test.inconclusive('The job was done before its session ended');
    expect(await holders(), 'locks of a session that has ended').toBeInvariant(0);
    await expect(() => target.runJob(job, 1)).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'the job' });

    // Many at once: one at a time works, the others are told.
    const many = await load.startTogether(config.connectionPoolSize * 2, async () => {
      for (let tries = 0; tries < 3; tries += 1)
        await target.runJob(job, 10).catch((error: unknown) => expect(outcomeOf(error)).toBe('rejected'));
    });
    expect(many.results.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(await holders(), 'locks of jobs that are done').toBeInvariant(0);
    const runs = await target.jobRuns(job);
    expect(runs.filter(({ startMs }, index) => index > 0 && startMs < (runs[index - 1]?.endMs ?? 0))).toBeInvariant([]);
    expect(runs.length).toBeGreaterThan(1);
  },
);
