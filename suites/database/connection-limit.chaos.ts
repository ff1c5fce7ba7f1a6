import { seeded, test, expect } from '../drivers/index.js';

test(
  'a PostgreSQL without a free connection is an outage like any other',
  {
    id: 'D18',
    purpose:
      'When others use up all connections (53300) requests fail clearly, the service lives, and recovers by itself.',
    tag: ['@database', '@pool'],
    needs: ['count', 'increment'],
    services: ['postgres'],
    catches: ['no-reconnect'],
  },
  async ({ target, postgres, link, inject, load, config }) => {
    const pid = await target.process.pid();
    await load.warmUp({ run: () => target.count(seeded.counter) });
    const before = await target.count(seeded.counter);

    // Cut off, the service cannot take back the places that its own sessions leave.
    const cut = await inject(link('target', 'postgres').cut());
    await inject(postgres.terminateBackends({ of: 'target' }));
    const [limit] = await postgres.query<{ most: number }>(`SELECT current_setting('max_connections')::int AS most`);
    const others: Awaited<ReturnType<typeof postgres.connect>>[] = [];
    let refusal: unknown;
    for (let count = 0; count <= (limit?.most ?? 0) && refusal === undefined; count += 1)
      await postgres.connect().then(
        (session) => others.push(session),
        (error: unknown) => (refusal = (error as { code?: unknown }).code),
      );
    if (refusal !== '53300')
      test.inconclusive(`the server was not full with ${others.length} sessions: ${String(refusal)}`);
    await cut.heal();

    const during = await load.closed({
      run: ({ worker }) => (worker % 2 === 0 ? target.count(seeded.counter) : target.increment(seeded.counter)),
      concurrency: config.connectionPoolSize,
      operations: config.concurrentRequests,
    });
    expect(during.counts).toMatchObject({ ok: 0, unavailable: config.concurrentRequests });
    await Promise.all(others.map((session) => session.end()));

    await expect(() => target.count(seeded.counter)).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads' });
    expect(await target.count(seeded.counter)).toBeInvariant(before);
    expect(await target.process.pid()).toBe(pid);
  },
);
