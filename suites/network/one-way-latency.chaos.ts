import { seeded, test, expect, until } from '../drivers/index.js';

test(
  'latency of one direction is seen in that direction alone',
  {
    id: 'N09',
    purpose: 'A request that is late has had no effect yet; one whose answer is late has had it long ago.',
    tag: ['@network', '@latency'],
    needs: ['increment', 'tables'],
    services: ['postgres'],
  },
  async ({ target, postgres, link, inject, config }) => {
    await target.increment(seeded.counter);
    const { counters } = await target.tables();
    const value = async (): Promise<number> => {
      const [row] = await postgres.query<{ value: string }>(`SELECT value FROM ${counters} WHERE name = $1`, [
        seeded.counter,
      ]);
      return Number(row?.value);
    };
    const latencyMs = Math.round(config.timeoutMs / 5);
    for (const direction of ['downstream', 'upstream'] as const) {
      const before = await value();
      const slow = await inject(link('client', 'target').latency({ latencyMs, direction, backend: 'proxy' }));
      let answeredMs = Infinity;
      const beginMs = performance.now();
      const answer = target.increment(seeded.counter).then(() => (answeredMs = performance.now() - beginMs));
      await until('the effect in PostgreSQL', async () => (await value()) > before);
      const seenMs = performance.now() - beginMs;
      await answer;
      expect(answeredMs).toBeGreaterThan(latencyMs * 0.9);
      // Upstream the effect itself is late; downstream only the news of it.
      if (direction === 'upstream') expect(seenMs).toBeGreaterThan(latencyMs * 0.9);
      else if (seenMs > latencyMs * 0.9) test.inconclusive(`the effect took ${seenMs.toFixed(0)} ms to be seen`);
      expect(await value()).toBeInvariant(before + 1);
      await slow.heal();
    }
    await expect(() => target.increment(seeded.counter)).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      latencyMs: latencyMs / 2,
      what: 'increments',
    });
  },
);
