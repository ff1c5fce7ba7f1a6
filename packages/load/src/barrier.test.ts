import { describe, expect, it } from 'vitest';
import { barrier } from './barrier.js';
import { startTogether } from './start-together.js';

describe('barrier()', () => {
  it('lets all go on in one turn of the event loop', async () => {
    const meeting = barrier(50);
    let turn = 0;
    let counting = true;
    const count = (): void => {
      turn++;
      if (counting) setImmediate(count);
    };
    count();
    const turns = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        await new Promise((resolve) => setTimeout(resolve, index % 7));
        expect(meeting.skewMs()).toBeUndefined();
        await meeting.arrive();
        return turn;
      }),
    );
    counting = false;
    expect(new Set(turns).size).toBe(1);
    expect(meeting.skewMs()).toBeGreaterThanOrEqual(0);
  });

  it('breaks for everyone when one leaves', async () => {
    const meeting = barrier(3);
    const abort = new AbortController();
    const reason = new Error('left');
    const waiting = [meeting.arrive(), meeting.arrive(abort.signal)];
    abort.abort(reason);
    for (const one of waiting) await expect(one).rejects.toBe(reason);
    await expect(meeting.arrive()).rejects.toBe(reason);
  });

  it('refuses misuse with the value', async () => {
    expect(() => barrier(0)).toThrow('parties: current value is 0');
    const meeting = barrier(1);
    await meeting.arrive();
    await expect(meeting.arrive()).rejects.toThrow(RangeError);
  });
});

describe('startTogether()', () => {
  it('starts all, waits for all, and tells how far apart they started', async () => {
    const { results, skewMs } = await startTogether(10, async (index) => {
      if (index === 3) throw new Error('three');
      return index;
    });
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value : String(result.reason)))).toEqual([
      0,
      1,
      2,
      'Error: three',
      4,
      5,
      6,
      7,
      8,
      9,
    ]);
    expect(skewMs).toBeGreaterThanOrEqual(0);
  });

  it('does not start what is aborted', async () => {
    await expect(startTogether(2, async () => 1, { signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
  });
});
