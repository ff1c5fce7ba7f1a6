/** Throws `RangeError` unless the value is an integer of at least `lowest`. */
export function checkInteger(name: string, value: number, lowest: number): void {
  if (!Number.isSafeInteger(value) || value < lowest) {
    throw new RangeError(
      `Cannot use ${name}: current value is ${String(value)}, it must be an integer of at least ${lowest}`,
    );
  }
}

/** Throws `RangeError` unless the value is a number of milliseconds, at least `lowest`, that a timer can count. */
export function checkMilliseconds(name: string, value: number, lowest: number): void {
  if (typeof value !== 'number' || !(value >= lowest && value <= 2_147_483_647)) {
    throw new RangeError(
      `Cannot use ${name}: current value is ${String(value)}, it must be a number from ${lowest} to 2147483647`,
    );
  }
}
