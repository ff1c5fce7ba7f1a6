import { seeded, test, expect } from '../drivers/index.js';

test(
  'a slow disk of PostgreSQL makes writes slow, and reads wait for none of them',
  {
    id: 'R12',
    purpose: 'Commits wait for the disk within their time-outs; what was acknowledged is there, and reads go on.',
    tag: ['@resource', '@disk'],
    needs: ['count', 'increment', 'read'],
    services: ['postgres'],
    requires: ['strace'],
    catches: ['asynchronous-commit'],
  },
  async ({ target, postgres, inject, load, config }) => {
    const first = await target.count(seeded.counter);
    const made = { increments: 0 };
    const write = { run: () => target.increment(seeded.counter).then(() => made.increments++) };
    const read = { run: () => target.read(seeded.document(0)) };
    await load.warmUp(write);
    await load.warmUp(read);

    const delayMs = Math.min(400, config.timeoutMs / 20);
    const disk = await inject(postgres.slowDisk({ delayMs }));
    const beginMs = performance.now();
    const [writes, reads] = await Promise.all([
      load.closed({ ...write, concurrency: 2, operations: 4 }),
      load.closed({ ...read, concurrency: 2, operations: 20 }),
    ]);
    const { calls = 0 } = disk.met?.() ?? {};
    if (calls === 0) {
      // The test's own commit waits for the disk; if it does, those of the target must have, too.
      await postgres.query('CREATE TABLE written_to_the_disk ()');
      await postgres.query('DROP TABLE written_to_the_disk');
      if ((disk.met?.()?.['calls'] ?? 0) === 0) test.inconclusive('PostgreSQL has not synced anything');
      expect(writes.counts.ok, 'writes that were acknowledged before any was on the disk').toBeInvariant(0);
    }
    expect(writes.counts).toMatchObject({ wrong: 0, rejected: 0, timeout: 0 });
    expect(writes).toHaveLatencyBelow({ max: config.timeoutMs, outcome: 'any' });
    // Who waits for the disk waits for a whole sync at least: acknowledged before means acknowledged unwritten.
    if (writes.counts.ok > 0 && performance.now() - beginMs > delayMs)
      expect(writes.latencyOf.ok.min, 'latency of an acknowledged write').toBeGreaterThan(delayMs * 0.8);
    expect(reads.counts).toMatchObject({ ok: 20 });
    await disk.heal();

    await expect(write.run).toRecoverWithin({ timeoutMs: config.timeoutMs, latencyMs: delayMs, what: 'increments' });
    const value = await target.count(seeded.counter);
    const lost = Math.max(0, first + made.increments - value);
    expect(lost).toBeInvariant(0);
    expect(value).toBeLessThanOrEqual(first + made.increments + writes.counts.unknown);
  },
);
