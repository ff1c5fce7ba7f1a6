/** Throws `RangeError` unless the value is a number from `min` to `max`. */
export function checkNumber(name: string, value: number, min: number, max: number): void {
  if (typeof value !== 'number' || !(value >= min && value <= max))
    throw new RangeError(
      `Cannot use ${name}: current value is ${String(value)}, it must be a number from ${min} to ${max}`,
    );
}

/** Throws `RangeError` unless the value is an integer from `min` to `max`. */
export function checkInteger(name: string, value: number, min: number, max: number = Number.MAX_SAFE_INTEGER): void {
  if (!Number.isSafeInteger(value) || value < min || value > max)
    throw new RangeError(
      `Cannot use ${name}: current value is ${String(value)}, it must be an integer from ${min} to ${max}`,
    );
}
