import { test, expect, untilSeen } from '@chaos/suite-drivers';
import { runWorkload, type Workload } from '@chaos/test/history';

test(
  'a PostgreSQL that is killed keeps what was acknowledged',
  {
    id: 'D03',
    purpose: 'What a client was told is stored is there after a crash, also when that comes in the next moment.',
    tag: ['@database', '@crash', '@durability'],
    catches: ['asynchronous-commit'],
  },
  async ({ target, postgres, inject, recorder, config }) => {
    let [last, acknowledged] = [0, 0];
    const marks: Workload = {
      name: 'marks',
      check: { model: 'set' },
      setup: () => target.increment('mark-0'),
      async step(process) {
        const mark = ++last;
        await process.run('add', mark, async () => void (await target.increment(`mark-${mark}`)));
        acknowledged += 1;
      },
      finish: (process) =>
        process.run('read', null, async () => {
          const rows = await postgres.query<{ mark: number }>(
            `SELECT substr(name, 6)::int AS mark FROM counters WHERE name LIKE 'mark-%' AND name <> 'mark-0'`,
          );
          return rows.map(({ mark }) => mark);
        }),
    };
    const stop = new AbortController();
    const load = runWorkload(marks, { recorder, concurrency: config.concurrentRequests, signal: stop.signal });
    for (let crash = 1; crash <= 2; crash += 1) {
      const enough = acknowledged + config.concurrentRequests * 2;
      await untilSeen('acknowledged marks', async () => acknowledged >= enough, config.timeoutMs);
      await (await inject(postgres.kill())).heal();
      await expect(() => target.total()).toRecoverWithin({
        timeoutMs: config.timeoutMs,
        what: 'reads from PostgreSQL',
      });
    }
    stop.abort();
    expect(await load).toSatisfyModel(marks.check);
  },
);
