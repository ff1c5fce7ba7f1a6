import { test, expect, seeded } from '../drivers/index.js';

test(
  'no request outlives its time-out when packets vanish',
  {
    id: 'N05',
    purpose: 'Silence of PostgreSQL and Redis may cost a request, never a hung one.',
    tag: ['@network', '@timeout'],
    needs: ['read', 'write'],
    services: ['postgres'],
    catches: ['no-reconnect', 'no-answer-timeout'],
  },
  async ({ target, link, inject, load, config }) => {
    const request = {
      run: async ({ worker, iteration }: { worker: number; iteration: number }): Promise<unknown> => {
        const key = seeded.document((worker + iteration) % seeded.rows);
        return worker % 2 === 0 ? target.read(key) : target.write(key, `${worker} ${iteration}`);
      },
    };
    await load.warmUp(request);

    const silences = [await inject(link('target', 'postgres').cut({ mode: 'blackhole' }))];
    if (config.target.services.includes('redis'))
      silences.push(await inject(link('target', 'redis').cut({ mode: 'blackhole' })));
    const during = await load.closed({
      ...request,
      concurrency: config.concurrentRequests,
      operations: config.concurrentRequests,
    });
    // `timeout`: the client had to give up on a silent target.
    expect(during.counts).toMatchObject({ timeout: 0, rejected: 0 });
    expect(during).toHaveLatencyBelow({ max: config.timeoutMs, outcome: 'any' });

    for (const silence of silences) await silence.heal();
    await expect(() => target.write(seeded.document(0), 'after the silence')).toRecoverWithin({
      timeoutMs: config.timeoutMs / 2,
      what: 'writes to PostgreSQL',
    });
    await expect.poll(() => target.read(seeded.document(0)), { timeout: config.timeoutMs }).toBe('after the silence');
  },
);
