import { busyClients, seeded, test, expect, until } from '../drivers/index.js';

test(
  'a PostgreSQL that is restarted is used again, by itself',
  {
    id: 'D16',
    purpose: 'A restart of the database, in order or not, costs requests for its time; nobody restarts the service.',
    tag: ['@database', '@outage'],
    needs: ['count', 'increment'],
    services: ['postgres'],
    catches: ['no-reconnect', 'pool-without-error-listener'],
  },
  async ({ target, postgres, inject, load, config }) => {
    const pid = await target.process.pid();
    await load.warmUp({ run: () => target.increment(seeded.counter) });
    const before = await target.count(seeded.counter);
    const clients = busyClients(load, config.connectionPoolSize, () => target.increment(seeded.counter));
    for (const mode of ['fast', 'immediate'] as const) {
      const enough = clients.counts.ok + config.connectionPoolSize;
      await until('increments that get through', () => clients.counts.ok >= enough);
      await (await inject(postgres.restart(mode))).heal();
      await expect(() => target.count(seeded.counter)).toRecoverWithin({
        timeoutMs: config.timeoutMs,
        what: `reads after a ${mode} shutdown`,
      });
    }
    await clients.stop();
    const { ok, unknown } = clients.counts;
    const happened = (await target.count(seeded.counter)) - before;
    // What was acknowledged is there, and nothing that was said not to have happened.
    expect(happened, `${ok} were acknowledged, ${unknown} may have happened`).toBeInvariant(
      Math.min(ok + unknown, Math.max(ok, happened)),
    );
    expect(await target.process.pid()).toBe(pid);
  },
);
