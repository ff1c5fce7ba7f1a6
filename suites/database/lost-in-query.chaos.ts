import { outcomeOf, seeded, test, expect, until } from '../drivers/index.js';

test(
  'a connection that is lost in the middle of a query is never used again',
  {
    id: 'D13',
    purpose: 'A lost connection costs the requests on it one clear error each, and no later request anything.',
    tag: ['@database', '@outage'],
    needs: ['count', 'increment'],
    services: ['postgres'],
    catches: ['no-reconnect'],
  },
  async ({ target, postgres, link, inject, load, config }) => {
    const key = seeded.counter;
    await load.warmUp({ run: () => target.count(key) });
    const before = await target.count(key);
    const sessions = new Set((await postgres.sessions()).map(({ pid }) => pid));

    const locked = await inject(postgres.lockTables());
    const running = load.startTogether(config.connectionPoolSize, (index) =>
      index % 2 === 0 ? target.count(key) : target.increment(key),
    );
    await until('queries in the server', async () => (await postgres.sessions()).some(({ waiting }) => waiting));
    const cut = await inject(link('target', 'postgres').cut());
    const { results } = await running;
    const outcomes = results.map((result) => (result.status === 'rejected' ? outcomeOf(result.reason) : 'ok'));
    // A read that nobody answered has not happened; of a write that nobody answered the client is told that it may
    // have.
    expect(
      outcomes.filter(
        (outcome, index) => outcome === 'ok' || (index % 2 === 1 && outcome !== 'unknown' && outcome !== 'unavailable'),
      ),
    ).toEqual([]);
    await locked.heal();
    await cut.heal();

    await expect(() => target.count(key)).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads' });
    const after = await load.closed({
      run: () => target.count(key),
      concurrency: config.connectionPoolSize,
      operations: config.concurrentRequests,
    });
    expect(after.counts).toMatchObject({ ok: config.concurrentRequests });
    expect((await postgres.sessions()).filter(({ pid }) => sessions.has(pid)).length).toBeInvariant(0);
    const increments = results.length - Math.ceil(results.length / 2);
    const happened = (await target.count(key)) - before;
    const unknown = outcomes.filter((outcome) => outcome === 'unknown').length;
    expect(
      happened >= 0 && happened <= Math.min(increments, unknown),
      `${happened} of ${unknown} that may have`,
    ).toBeInvariant(true);
  },
);
