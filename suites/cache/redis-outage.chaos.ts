import { test, expect } from '@chaos/suite-drivers';

test('reads survive a Redis outage', {
  id: 'C04',
  purpose: 'A cache outage may cost latency, never correctness.',
  tag: ['@cache', '@outage'],
  catches: ['cache-failure-is-fatal'],
  lock: ['host'],
}, async ({ target, link, inject, load, config }) => {
  const { body } = await target.write('document-1', 'written before the outage');
  const read = { run: () => target.read('document-1'), right: (document: { body: string }) => document.body === body };
  await load.warmUp(read);
  const baseline = await load.closed({ ...read, concurrency: config.concurrentRequests, durationMs: 400 });

  const outage = await inject(link('target', 'redis').cut());
  const during = await load.closed({ ...read, concurrency: config.concurrentRequests, durationMs: 400 });
  expect(during).toHaveNoWrongResult();
  expect(during).toHaveErrorRatioBelow(0.01);

  await outage.heal();
  await expect(read.run).toRecoverWithin({ timeoutMs: config.timeoutMs, latencyMs: Math.max(50, baseline.latency.p99 * 2) });
});
