import { test, expect } from '../drivers/index.js';
import { admission } from './admission.js';

test(
  'every valid token is accepted while verification contends',
  {
    id: 'A15',
    purpose:
      'Many who authenticate at once may have to wait for each other, but each is let in, as who they are, and in time.',
    tag: ['@auth', '@load'],
    needs: ['whoami'],
    services: ['jwks'],
    lock: ['host'],
  },
  async ({ target, jwks, load, config }) => {
    const subjects = Array.from({ length: Math.min(100, config.concurrentRequests) }, (_, index) => `user-${index}`);
    const tokens = await Promise.all(subjects.map((sub) => jwks.issue({ sub })));
    const verification = {
      run: async ({ worker }: { worker: number }) => {
        const index = worker % subjects.length;
        const identity = await admission(target.whoami({ token: tokens[index] as string }));
        return { subject: identity?.subject, expected: subjects[index] };
      },
      right: ({ subject, expected }: { subject: string | undefined; expected: string | undefined }) =>
        subject === expected,
    };
    await load.warmUp({ ...verification, operations: Math.max(config.warmupOperations, 200) });
    const single = await load.closed({ ...verification, concurrency: 1, durationMs: 250 });
    expect(single).toHaveNoWrongResult();

    let p50Ms = 0;
    const { level } = await load.provoke({
      what: 'verification that takes twice as long as a single one',
      from: 2,
      run: async (concurrency) => {
        const loaded = await load.closed({ ...verification, concurrency, durationMs: 150 });
        p50Ms = loaded.latency.p50;
        expect(loaded).toHaveNoWrongResult();
      },
      async observe() {
        const contends = p50Ms >= single.latency.p50 * 2;
        p50Ms = 0;
        return contends;
      },
    });

    const contended = await load.closed({
      ...verification,
      concurrency: Math.max(level, config.concurrentRequests),
      durationMs: 500,
    });
    expect(contended).toHaveNoWrongResult();
    expect(contended).toHaveSuccessRatioAtLeast(1);
    expect(contended).toHaveLatencyBelow({ p99: config.timeoutMs });
  },
);
