import { createHash } from 'node:crypto';
import { test, expect } from '../drivers/index.js';

/** Few enough that threads meet at the same entries all the time, more than there are places. */
const texts = 48;
const rounds = 4;
const repeats = 60;

test(
  'threads that share a table read whole entries',
  {
    id: 'K13',
    purpose: 'What several threads of a process read from memory that they share is what one of them has written.',
    tag: ['@concurrency', '@threads'],
    needs: ['digests'],
    catches: ['table-without-versions'],
  },
  async ({ target, load, config, random }) => {
    const stream = random('texts');
    const expected = new Map<string, string>(
      Array.from({ length: texts }, (_, index) => {
        let digest = createHash('sha256').update(`text ${index}`).digest();
        for (let round = 0; round < rounds; round += 1) digest = createHash('sha256').update(digest).digest();
        return [`text ${index}`, digest.toString('hex')] as const;
      }),
    );
    const known = [...expected.keys()];
    const ask = async (): Promise<{ wrong: number; hits: number }> => {
      const order = Array.from({ length: repeats }, () => stream.shuffle(known)).flat();
      const { digests, hits } = await target.digests(order, rounds);
      expect(digests.length).toBeInvariant(order.length);
      return { wrong: digests.filter((digest, index) => digest !== expected.get(order[index] ?? '')).length, hits };
    };
    await load.warmUp({ run: ask, operations: 2 });
    const { results } = await load.startTogether(Math.min(12, config.concurrentRequests), ask);
    const answers = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(
      answers.reduce((sum, { wrong }) => sum + wrong, 0),
      'digests mixed from two',
    ).toBeInvariant(0);
    if (answers.every(({ hits }) => hits === 0)) test.inconclusive('no digest came from the table');
  },
);
