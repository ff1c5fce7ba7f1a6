import { seeded, test, expect } from '../drivers/index.js';

const MIB = 2 ** 20;
const WINDOWS = 3;

test(
  'memory does not grow with the number of requests',
  {
    id: 'R02',
    purpose: 'What a request needs goes when it is answered: a week of load takes no more memory than a minute.',
    tag: ['@resource', '@leak'],
    needs: ['read', 'write'],
    catches: ['leak-memory'],
  },
  async ({ target, load }) => {
    const inside = await target.process.inside();
    // Large documents make a leak of one each visible after hundreds of requests instead of millions.
    const body = 'x'.repeat(100_000);
    const work = {
      run: async ({ worker, iteration }: { worker: number; iteration: number }): Promise<string> => {
        const key = seeded.document(worker);
        const text = `${worker} ${iteration} ${body}`;
        await target.write(key, text);
        return (await target.read(key)) === text ? 'same' : 'other';
      },
      right: (verdict: string) => verdict === 'same',
    };
    const round = { ...work, concurrency: 4, operations: 80 };
    // After two rounds caches and pools are full; what later rounds add, they leave behind.
    for (let warm = 0; warm < 2; warm++) expect(await load.closed(round)).toHaveNoWrongResult();
    const kept = [await inside.keptBytes()];
    for (let window = 0; window < WINDOWS; window++) {
      expect(await load.closed(round)).toHaveNoWrongResult();
      kept.push(await inside.keptBytes());
    }
    const growth = kept.slice(1).map((bytes, index) => (bytes - kept[index]!) / MIB);
    // The least growth of any window: what grows once is a cache, a leak grows in each. 80 documents of 100 kB, had
    // each been kept, were 7.6 MiB.
    expect(
      Math.min(...growth),
      `MiB that windows of ${round.operations} writes left behind: ${growth.join(', ')}`,
    ).toBeLessThan(1);
  },
);
