import { test, expect } from '../drivers/index.js';

test(
  'an occupied thread pool costs a request its time at most, and no token its verdict',
  {
    id: 'R13',
    purpose: 'Verification that waits for a thread is given up in time, and refused: never believed, never hung.',
    tag: ['@resource', '@threads'],
    needs: ['health', 'token', 'whoami'],
    catches: ['verification-without-deadline'],
  },
  async ({ target, inject, load, config }) => {
    const inside = await target.process.inside();
    const [valid, expired] = await Promise.all([
      target.token({ sub: 'somebody' }),
      target.token({ sub: 'somebody', exp: Math.floor(Date.now() / 1000) - 3600 }),
    ]);
    const whoami = {
      run: () => target.whoami({ token: valid }),
      right: ({ subject }: { subject: string }) => subject === 'somebody',
    };
    await load.warmUp(whoami);

    const pool = await inject(inside.saturateThreadPool());
    const [good, bad] = await Promise.all([
      load.closed({ ...whoami, concurrency: 4, operations: 4 }),
      load.closed({ run: () => target.whoami({ token: expired }), concurrency: 2, operations: 2 }),
    ]);
    await target.health();
    expect(good.counts.wrong).toBeInvariant(0);
    expect(bad.counts.ok).toBeInvariant(0);
    expect(good.counts).toMatchObject({ rejected: 0, timeout: 0, unknown: 0 });
    expect(good).toHaveLatencyBelow({ max: config.timeoutMs * 1.2, outcome: 'any' });
    if (good.counts.ok === good.operations) test.inconclusive('no verification needed a thread');
    await pool.heal();

    await expect(whoami.run).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'verification' });
    const after = await load.closed({ ...whoami, concurrency: 4, operations: 20 });
    expect(after.counts).toMatchObject({ ok: 20 });
  },
);
