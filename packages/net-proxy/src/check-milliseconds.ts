import { checkNumber } from './check-number.js';

/** The longest time a toxic takes: a day. */
export const LONGEST_MS: number = 24 * 60 * 60 * 1000;

/** Throws `RangeError` unless the value is a number of milliseconds from 0 to a day. */
export function checkMilliseconds(name: string, value: number): void {
  checkNumber(name, value, 0, LONGEST_MS);
}
