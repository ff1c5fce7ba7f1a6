import { expect, withDriver } from '@chaos/test';
import type driver from './driver.js';

const test = withDriver<typeof driver>();

// Each finds the variant of its tag; the program without a variant passes all of them.
for (const bug of ['crash', 'unhandled', 'idle'])
  test(`answers without its cache @${bug}`, async ({ target, link, inject }) => {
    await inject(link('target', 'redis').cut());
    await target.read().catch(() => {});
  });

test('reads are right without its cache @wrong', async ({ target, link, inject, load, config }) => {
  await inject(link('target', 'redis').cut());
  const reads = await load.closed({ run: () => target.read(), concurrency: config.concurrentRequests, operations: 20 });
  expect(reads.counts).toMatchObject({ wrong: 0 });
});

test('reads end in time without its cache @hang', async ({ target, link, inject, load, config }) => {
  await inject(link('target', 'redis').cut());
  const reads = await load.closed({ run: () => target.read(), concurrency: config.concurrentRequests, operations: 20 });
  expect(reads).toHaveLatencyBelow({ max: config.timeoutMs, outcome: 'any' });
});

test('reads come back with its cache @gives-up', async ({ target, link, inject, config }) => {
  const outage = await inject(link('target', 'redis').cut());
  await target.read().catch(() => {});
  await outage.heal();
  await expect(() => target.read()).toRecoverWithin({ timeoutMs: config.timeoutMs });
});
