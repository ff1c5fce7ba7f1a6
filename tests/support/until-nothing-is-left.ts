import { calibrate } from '@chaos/env';
import { expect } from 'vitest';
import { eventually } from './eventually.ts';
import type { Footprint } from './footprint.ts';

const PROMISED_MS = 2000;

/**
 * Nothing held by the run is left after the promised 2 s, which are stretched on a busy machine, like every deadline.
 */
export async function untilNothingIsLeft(footprint: Footprint): Promise<void> {
  const start = performance.now();
  let left: readonly string[] = [];
  await eventually(
    () => (left = footprint.left()).length === 0,
    () => `Still there:\n${left.join('\n')}`,
  );
  const tookMs = performance.now() - start;
  if (tookMs <= PROMISED_MS) return;
  const { contention, speed } = await calibrate();
  expect(tookMs).toBeLessThanOrEqual(PROMISED_MS * Math.min(8, Math.max(1, contention / speed)));
}
