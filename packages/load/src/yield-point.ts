import type { Random } from '@chaos/stats';
import { pause } from './pause.js';

/**
 * Randomly lets others run: not at all, for one turn of the event loop, or for 1 to 3 ms. Races hide in windows of
 * different length, so both short and long gaps are needed.
 */
export function yieldPoint(random: Random, signal: AbortSignal): Promise<void> {
  const choice = random.next();
  if (choice < 0.3) return Promise.resolve();
  if (choice < 0.7) return new Promise((resolve) => setImmediate(resolve));
  return pause(random.integer(1, 3), signal);
}
