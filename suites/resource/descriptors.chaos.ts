import { readdir } from 'node:fs/promises';
import { test, expect, seeded } from '../drivers/index.js';

test(
  'thousands of failed requests leave no descriptor and no connection behind',
  {
    id: 'R07',
    purpose: 'A failure gives back what it took: files, sockets, connections.',
    tag: ['@resource', '@leak'],
    needs: ['exportDocument', 'read', 'transfer', 'whoami', 'write'],
    services: ['jwks'],
    catches: ['leak-descriptors', 'leak-connection-on-error'],
  },
  async ({ target, load, config }) => {
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
    const fail = {
      run: ({ iteration, worker }: { iteration: number; worker: number }): Promise<unknown> =>
        failures[(iteration + worker) % failures.length]!(),
    };
    const pid = await target.process.pid();
    const descriptors = async (): Promise<number> => (await readdir(`/proc/${pid}/fd`)).length;
    const serves = () => target.transfer(poor, rich, 1);
    // After this, all sockets and connections that the load needs are open, and more transfers have failed than the
    // pool has connections.
    const before = await load.closed({
      ...fail,
      concurrency,
      operations: Math.max(concurrency, config.connectionPoolSize * failures.length) * 2,
    });
    expect(before.counts.ok).toBeInvariant(0);
    await expect(serves).toRecoverWithin({ timeoutMs: config.timeoutMs / 2, what: 'transfers' });
    const baseline = await descriptors();

    const during = await load.closed({
      ...fail,
      concurrency,
      operations: Math.min(5000, Math.max(2000, concurrency * config.iterations)),
    });
    expect(during.counts.ok).toBeInvariant(0);
    if (during.counts.rejected < 1000)
      test.inconclusive(`only ${during.counts.rejected} requests failed as they were meant to`);
    await expect
      .poll(descriptors, { timeout: config.timeoutMs / 2, message: 'open descriptors of the target' })
      .toBeLessThanOrEqual(baseline + config.connectionPoolSize);
    await expect(serves).toRecoverWithin({ timeoutMs: config.timeoutMs / 2, what: 'transfers' });
  },
);
