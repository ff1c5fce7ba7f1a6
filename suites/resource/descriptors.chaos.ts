import { readdir } from 'node:fs/promises';
import { test, expect, outcomeOf, seeded } from '@chaos/suite-drivers';

test('thousands of failed requests leave no descriptor and no connection behind', {
  id: 'R07',
  purpose: 'A failure gives back what it took: files, sockets, connections.',
  tag: ['@resource', '@leak'],
  catches: ['leak-descriptors', 'leak-connection-on-error'],
}, async ({ target, load, config }) => {
  const concurrency = config.concurrentRequests;
  const poor = seeded.account(0);
  const rich = seeded.account(1);
  const document = seeded.document(0);
  await target.write(document, 'no ASCII: ✗');
  const failures = [
    () => target.exportDocument('there-is-none'),
    () => target.exportDocument(document, 'ascii'),
    () => target.transfer(poor, rich, seeded.balance + 1),
    () => target.read('there-is-none'),
    () => target.whoami({ token: 'not.a.token' }),
  ];
  // Only a refusal counts as the failure that was asked for.
  const fail = {
    run: async ({ iteration, worker }: { iteration: number; worker: number }) => failures[(iteration + worker) % failures.length]!().then(() => 'ok', outcomeOf),
    right: (outcome: string) => outcome === 'rejected',
  };
  const pid = await target.process.pid();
  const descriptors = async (): Promise<number> => (await readdir(`/proc/${pid}/fd`)).length;
  // All sockets and connections that this load needs are open afterwards.
  const before = await load.closed({ ...fail, concurrency, operations: concurrency * 2 });
  expect(before).toHaveNoWrongResult();
  const baseline = await descriptors();

  const during = await load.closed({ ...fail, concurrency, operations: Math.max(2000, concurrency * config.iterations) });
  expect(during).toHaveNoWrongResult();
  await expect.poll(descriptors, { timeout: config.timeoutMs, message: 'open descriptors of the target' }).toBeLessThanOrEqual(baseline + config.connectionPoolSize);
  await expect(() => target.exportDocument(seeded.document(1))).toRecoverWithin({ timeoutMs: config.timeoutMs });
});
