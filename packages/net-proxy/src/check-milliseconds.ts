const LONGEST_MS = 24 * 60 * 60 * 1000;

/** Throws `RangeError` unless the value is a number of milliseconds from 0 to a day. */
export function checkMilliseconds(name: string, value: number): void {
  if (typeof value !== 'number' || !(value >= 0 && value <= LONGEST_MS)) {
    throw new RangeError(`Cannot use ${name}: current value is ${String(value)}, it must be a number from 0 to ${LONGEST_MS}`);
  }
}
