/** Returns `value` when it is a ratio from 0 to 1. @throws RangeError with the value otherwise. */
export function checkRatio(name: string, value: number): number {
  if (!(value >= 0 && value <= 1))
    throw new RangeError(`Cannot plan a fault: ${name} must be from 0 to 1, current value is ${value}`);
  return value;
}

/** Returns `value` when it lies in the range. @throws RangeError with the value otherwise. */
export function checkAmount(name: string, value: number, least: number, most: number, whole = false): number {
  if (!(value >= least && value <= most) || (whole && !Number.isInteger(value)))
    throw new RangeError(
      `Cannot plan a fault: ${name} must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}, current value is ${value}`,
    );
  return value;
}
