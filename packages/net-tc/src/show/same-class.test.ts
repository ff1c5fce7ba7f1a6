import { expect, test } from 'vitest';
import { isSameClass } from './same-class.js';

const jitter = (jitterMs: number): Parameters<typeof isSameClass>[0] => ({
  device: 'lo',
  classId: 'ca05:1',
  netem: { delayMs: 184, jitterMs, limitPackets: 24_600 },
});

test('what the kernel has rounded is the same, what is off by more is not', () => {
  // Seen on User-Mode Linux.
  expect(isSameClass(jitter(3.196), jitter(3.197))).toBe(true);
  expect(isSameClass(jitter(3.15), jitter(3.197))).toBe(false);
  expect(isSameClass({ ...jitter(3), rateBitsPerSecond: 1e6 }, jitter(3))).toBe(false);
  expect(isSameClass({ ...jitter(3), classId: 'ca05:2' }, jitter(3))).toBe(true);
});
