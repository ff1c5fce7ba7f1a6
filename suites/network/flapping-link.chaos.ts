import { seeded, test, expect } from '../drivers/index.js';

test(
  'while a link flaps, reconnects are bounded by the requests that need them',
  {
    id: 'N15',
    purpose: 'A dependency that comes and goes is not stormed by those who wait for it.',
    tag: ['@network', '@outage'],
    needs: ['count'],
    services: ['postgres'],
    catches: ['reconnect-without-backoff', 'no-reconnect'],
  },
  async ({ target, link, inject, load, config }) => {
    const read = { run: () => target.count(seeded.counter), right: (value: number) => value === 0 };
    await load.warmUp(read);
    const concurrency = Math.min(8, config.concurrentRequests);

    const flap = await inject(link('target', 'postgres').flap({ downMs: 250, upMs: 250 }));
    const during = await load.open({ ...read, ratePerSecond: 40, durationMs: 1600, maxInFlight: concurrency * 4 });
    expect(during.counts.wrong).toBeInvariant(0);
    expect(during.counts).toMatchObject({ timeout: 0, rejected: 0 });
    expect(during).toHaveLatencyBelow({ max: config.timeoutMs, outcome: 'any' });
    await flap.heal();
    await expect(read.run).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads between two outages' });

    // A port that is closed hides who knocks; one that hangs up counts them.
    const hangingUp = await inject(link('target', 'postgres').limitData({ bytes: 1 }));
    await inject(link('target', 'postgres').reset());
    const knocking = await load.open({ ...read, ratePerSecond: 40, durationMs: 800, maxInFlight: concurrency * 4 });
    await hangingUp.heal();
    expect(knocking.counts).toMatchObject({ ok: 0, wrong: 0, timeout: 0, rejected: 0 });
    const { connections = 0 } = hangingUp.met?.() ?? {};
    if (connections === 0) test.inconclusive('the target did not try to connect while the link was down');
    // A read is tried twice at most, and each try makes one connection.
    expect(connections).toBeLessThan(knocking.operations * 2 + config.connectionPoolSize);

    await expect(read.run).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads from PostgreSQL' });
  },
);
