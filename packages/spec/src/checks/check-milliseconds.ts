import { checkRange } from './check-range.js';

/** Longest time of a fault: one day, in milliseconds. */
export const LONGEST_MS: number = 86_400_000;

/** Returns `value` if it is a number of milliseconds from 0 to a day. Throws `RangeError` otherwise. */
export function checkMilliseconds(name: string, value: number): number {
  return checkRange(name, value, { least: 0, most: LONGEST_MS });
}
