import { outcomeOf, seeded, test, expect } from '../drivers/index.js';

test(
  'a PostgreSQL that turned read-only is read, and written again later',
  {
    id: 'D24',
    purpose:
      'While the database takes no writes they fail with a clear error that says that nothing happened; reads go on.',
    tag: ['@database', '@outage'],
    needs: ['count', 'increment', 'read', 'transfer', 'write'],
    services: ['postgres'],
  },
  async ({ target, postgres, experiment, load, config }) => {
    const [payer, payee, note] = [seeded.account(0), seeded.account(1), seeded.document(0)];
    const figures = () => Promise.all([payer, payee, seeded.counter].map((key) => target.count(key)));
    await target.write(note, 'before');
    const before = await figures();
    const writes = [
      () => target.transfer(payer, payee, 1),
      () => target.increment(seeded.counter),
      () => target.write(note, 'meanwhile'),
    ];
    await experiment({
      steadyState: { run: () => target.read(note), right: (text: string) => text === 'before' },
      fault: postgres.setting('default_transaction_read_only', 'on'),
      what: 'reads',
      during: async () => {
        await expect(() => target.count(payer)).toRecoverWithin({
          timeoutMs: config.timeoutMs,
          what: 'reads from a read-only server',
        });
        const count = config.connectionPoolSize * writes.length;
        const reads = load.closed({ run: figures, concurrency: 2, operations: 10 });
        const { results } = await load.startTogether(count, (index) =>
          (writes[index % writes.length] as () => Promise<unknown>)(),
        );
        const outcomes = results.map((result) => (result.status === 'rejected' ? outcomeOf(result.reason) : 'ok'));
        expect(outcomes).toEqual(outcomes.map(() => 'unavailable'));
        const { counts } = await reads;
        expect(counts).toMatchObject({ ok: 10 });
      },
      invariants: async () => expect(await figures()).toBeInvariant(before),
    });
    for (const write of writes) await expect(write).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'writes' });
    expect(await target.read(note)).toBeInvariant('meanwhile');
  },
);
