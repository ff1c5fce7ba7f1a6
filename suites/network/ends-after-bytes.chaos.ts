import { seeded, seededTotal, test, expect } from '../drivers/index.js';

const PLACES = 16;

test(
  'a connection that ends after n bytes yields no wrong answer, for any n',
  {
    id: 'N12',
    purpose: 'Wherever an answer is cut off, the rest is missing and nobody makes it up.',
    tag: ['@network', '@close'],
    needs: ['count', 'read', 'transfer', 'write'],
    services: ['postgres', 'redis'],
    catches: ['transfer-without-transaction'],
  },
  async ({ target, link, inject, load, config, random }) => {
    const total = await seededTotal(target);
    const value = 'to be read whole '.repeat(60);
    await target.write(seeded.document(0), value);
    const work = {
      run: async ({ iteration }: { iteration: number }): Promise<string> => {
        if (iteration % 2 === 0) await target.transfer(seeded.account(0), seeded.account(1), 1);
        return target.read(seeded.document(0));
      },
      right: (read: string) => read === value,
    };
    await load.warmUp(work);

    // Small numbers cut the first message, larger ones something in the middle of a transaction.
    const stream = random('bytes');
    const sweep = Array.from({ length: PLACES }, (_, index) => Math.round(2 ** (index * 0.75) + stream.next() * 8));
    let failed = 0;
    for (const [index, bytes] of sweep.entries()) {
      const service = index % 2 === 0 ? 'postgres' : 'redis';
      const direction = index % 4 < 2 ? 'downstream' : 'upstream';
      const end = await inject(link('target', service).limitData({ bytes, direction }), {
        mayMeetNothing: 'the answers of a cached document are shorter',
      });
      const during = await load.closed({ ...work, concurrency: 3, operations: 6 });
      expect(during.counts.wrong, `${service}, ${direction}, ${bytes} bytes`).toBeInvariant(0);
      expect(during.counts).toMatchObject({ timeout: 0, rejected: 0 });
      failed += during.operations - during.counts.ok;
      await end.heal();
    }
    if (failed === 0) test.inconclusive('no connection ended where it hurt');
    await expect(() => target.transfer(seeded.account(0), seeded.account(1), 1)).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'transfers',
    });
    await expect.poll(() => target.read(seeded.document(0)), { timeout: config.timeoutMs }).toBe(value);
    expect(await seededTotal(target)).toConserve(total);
  },
);
