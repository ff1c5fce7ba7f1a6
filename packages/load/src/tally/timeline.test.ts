import { createRandom } from '@chaos/stats';
import { expect, test } from 'vitest';
import { Timeline } from './timeline.js';

test('keeps every operation in its interval, in at most 60 of them', () => {
  const random = createRandom('timeline');
  for (let round = 0; round < 200; round++) {
    const timeline = new Timeline();
    const lengthMs = 10 ** random.integer(1, 6);
    const ends = Array.from({ length: 300 }, () => ({ atMs: random.next() * lengthMs, ok: random.next() < 0.7 }));
    for (const { atMs, ok } of ends) timeline.add(atMs, ok);
    const { intervalMs, ok, failed } = timeline.read();
    expect(ok.length).toBeLessThanOrEqual(60);
    expect(failed).toHaveLength(ok.length);
    const within = (index: number, wanted: boolean): number =>
      ends.filter((end) => end.ok === wanted && Math.floor(end.atMs / intervalMs) === index).length;
    expect(ok).toEqual(ok.map((_, index) => within(index, true)));
    expect(failed).toEqual(ok.map((_, index) => within(index, false)));
  }
});
