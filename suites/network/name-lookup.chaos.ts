import { seeded, test, expect, until } from '../drivers/index.js';

test(
  'names that cannot be looked up cost what is new, and nothing for good',
  {
    id: 'N21',
    purpose:
      'While names fail, live connections go on, new ones fail in time, and all is well once names are found again.',
    tag: ['@network', '@dns'],
    needs: ['count'],
    services: ['postgres'],
    catches: ['no-reconnect'],
  },
  async ({ target, postgres, dns, inject, load, config }) => {
    const count = await target.count(seeded.counter);
    const read = { run: () => target.count(seeded.counter), right: (value: number) => value === count };
    await load.warmUp(read);

    // Existing connections need no name.
    const failing = await inject(dns.fail({ service: 'postgres' }));
    expect(await read.run()).toBeInvariant(count);

    // New connections do: they fail in time, and the server shows that it was asked.
    const before = await dns.queries('postgres');
    await inject(postgres.terminateBackends({ of: 'target' }));
    const during = await load.closed({
      ...read,
      concurrency: config.concurrentRequests,
      operations: config.concurrentRequests * 2,
    });
    await until('a lookup while names fail', async () => (await dns.queries('postgres')) > before);
    expect(during.counts.wrong).toBeInvariant(0);
    expect(during.counts).toMatchObject({ unavailable: during.operations });
    expect(during).toHaveLatencyBelow({ max: config.timeoutMs, outcome: 'any' });
    await failing.heal();
    await expect(read.run).toRecoverWithin({ timeoutMs: config.timeoutMs / 2, what: 'reads after names failed' });

    // Late answers still count.
    const late = await inject(dns.slow({ service: 'postgres', delayMs: 100 }));
    await inject(postgres.terminateBackends({ of: 'target' }));
    await expect(read.run).toRecoverWithin({ timeoutMs: config.timeoutMs / 2, what: 'reads while names are slow' });
    await late.heal();
    expect(await read.run()).toConserve(count);
  },
);
