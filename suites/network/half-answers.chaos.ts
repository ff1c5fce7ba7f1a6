import { seeded, test, expect } from '../drivers/index.js';

test(
  'an answer that ends in the middle is not taken for a whole one',
  {
    id: 'N04',
    purpose: 'A dependency that hangs up while it answers costs a request at most, and never a part of its data.',
    tag: ['@network', '@close'],
    needs: ['read', 'write'],
    services: ['postgres', 'redis'],
  },
  async ({ target, link, inject, load, config, redis }) => {
    const large = 'whole '.repeat(10_000);
    const keys = Array.from({ length: 4 }, (_, index) => seeded.document(index));
    await Promise.all(keys.map((key) => target.write(key, large)));
    const cache = await redis.connect();
    const read = {
      run: async ({ iteration }: { iteration: number }) => {
        // Half of the reads go to PostgreSQL.
        if (iteration % 2 === 0) await cache.flushall();
        return target.read(keys[iteration % keys.length] as string);
      },
      right: (value: string) => value === large,
    };
    await load.warmUp(read);

    // Slow lines, so that every answer is under way for a while.
    const lineMs = config.timeoutMs / 50;
    const rateBitsPerSecond = Math.round((large.length * 8 * 1000) / lineMs);
    const lines = [];
    for (const service of ['postgres', 'redis'] as const)
      lines.push(
        await inject(
          link('target', service).bandwidth({ rateBitsPerSecond, direction: 'downstream', backend: 'proxy' }),
        ),
      );
    const running = load.closed({ ...read, concurrency: 4, operations: 12 });
    let hangUps = 0;
    const ended = running.then(() => (hangUps = -1));
    for (; hangUps >= 0 && hangUps < 6; hangUps++) {
      await inject(link('target', hangUps % 2 === 0 ? 'postgres' : 'redis').hangUp(), {
        mayMeetNothing: 'the target has no connection at this moment',
      });
      await Promise.race([ended, expect.poll(() => 1, { timeout: lineMs }).toBe(1)]);
    }
    const during = await running;
    expect(during.counts.wrong).toBeInvariant(0);
    expect(during.counts).toMatchObject({ timeout: 0, rejected: 0 });
    for (const line of lines) await line.heal();
    await expect(() => target.read(keys[0] as string)).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads' });
    expect(await target.read(keys[0] as string)).toBeInvariant(large);
  },
);
