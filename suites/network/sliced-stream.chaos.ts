import { seeded, seededTotal, test, expect } from '../drivers/index.js';

test(
  'a stream in tiny pieces means the same',
  {
    id: 'N11',
    purpose: 'Where a message begins and ends is the protocol’s affair, not that of the packets it comes in.',
    tag: ['@network', '@slices'],
    needs: ['count', 'read', 'transfer', 'write'],
    services: ['postgres', 'redis'],
  },
  async ({ target, link, inject, load, config, random }) => {
    const total = await seededTotal(target);
    const stream = random('text');
    // Text of many lengths, with characters of two to four bytes that a slice may cut.
    const text = (index: number): string => `${index} ` + 'ä€😀x'.repeat(1 + stream.integer(0, 40));
    const values = Array.from({ length: 8 }, (_, index) => text(index));
    await Promise.all(values.map((value, index) => target.write(seeded.document(index), value)));
    const work = {
      run: async ({ iteration, worker }: { iteration: number; worker: number }): Promise<boolean> => {
        const index = (iteration + worker) % values.length;
        const key = seeded.document(index);
        if (iteration % 3 === 1) await target.write(key, values[index] as string);
        if (iteration % 3 === 2) await target.transfer(seeded.account(index), seeded.account(index + 1), 1);
        return (await target.read(key)) === values[index];
      },
      right: (isWhole: boolean) => isWhole,
    };
    await load.warmUp(work);

    const slices = [];
    for (const fault of [
      link('target', 'postgres').slicer({ averageBytes: 3, variationBytes: 2 }),
      link('target', 'redis').slicer({ averageBytes: 2, variationBytes: 1 }),
      link('client', 'target').slicer({ averageBytes: 5, variationBytes: 4 }),
    ])
      slices.push(await inject(fault));
    const during = await load.closed({ ...work, concurrency: 4, operations: 40 });
    expect(during).toHaveNoWrongResult();
    expect(during.counts).toMatchObject({ ok: 40 });
    expect(await seededTotal(target)).toConserve(total);
    for (const each of slices) await each.heal();
    await expect(() => target.read(seeded.document(0))).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads' });
  },
);
