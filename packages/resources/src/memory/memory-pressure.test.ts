import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { memoryPressure } from './memory-pressure.js';

/** Resident memory of the processes that fill memory for this one, bytes. */
function filled(): readonly number[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('memory-hog')) return [];
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      if (!status.includes(`\nPPid:\t${process.pid}\n`)) return [];
      return [Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024];
    } catch {
      // No process, or one that has just ended.
      return [];
    }
  });
}

// Others take and give back memory of this machine, so what is free says nothing.
it('takes memory, and gives it back', async () => {
  const mostBytes = 128 << 20;
  const active = await memoryPressure({ share: 0.5, mostBytes }).inject(AbortSignal.timeout(30_000));
  const [bytes] = filled();
  expect(bytes).toBeGreaterThanOrEqual(mostBytes);
  await active.heal();
  expect(filled()).toEqual([]);
});

it.each([0, 0.95])('refuses a share of %d', (share) => {
  expect(() => memoryPressure({ share })).toThrow(`share: current value is ${share}`);
});
