import { seeded, test, expect } from '../drivers/index.js';

test(
  'without a local port no connection to PostgreSQL is made, and the service says so',
  {
    id: 'R08',
    purpose: 'A machine that has run out of local ports refuses connections at once: so does the service, clearly.',
    tag: ['@resource', '@ports'],
    needs: ['count', 'health'],
    services: ['postgres'],
    requires: ['strace'],
    catches: ['no-reconnect', 'reconnect-without-backoff'],
  },
  async ({ target, postgres, link, inject, resources, load, config }) => {
    const first = await target.count(seeded.counter);
    const read = { run: () => target.count(seeded.counter), right: (value: number) => value === first };
    await load.warmUp(read);
    const pid = await target.process.pid();

    // What connect() says when every local port is in use (TIME_WAIT after a storm of short connections).
    const ports = await inject(resources.syscalls({ pid, calls: ['connect'], error: 'EADDRNOTAVAIL' }));
    await inject(link('target', 'postgres').reset());
    await expect
      .poll(async () => (await postgres.sessions()).length, { timeout: config.timeoutMs, message: 'sessions' })
      .toBe(0);
    const during = await load.closed({ ...read, concurrency: 4, operations: 20 });
    expect(during.counts).toMatchObject({ ok: 0, wrong: 0, rejected: 0, timeout: 0, unknown: 0 });
    // It is refused at once; nobody has to wait for a time-out.
    expect(during).toHaveLatencyBelow({ max: config.timeoutMs / 2, outcome: 'any' });
    await target.health();
    // Each request tries twice at most.
    const { calls = 0 } = ports.met?.() ?? {};
    expect(calls).toBeLessThan(during.operations * 4 + 200);
    await ports.heal();

    await expect(read.run).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads from PostgreSQL' });
    expect(await target.process.pid()).toBe(pid);
  },
);
